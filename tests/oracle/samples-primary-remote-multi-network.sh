# Istio's samples, applied as its pages for primary and remote on different networks do.

samples/multicluster/gen-eastwest-gateway.sh --network network1 | istioctl --context=cluster1 install -y -f -
kubectl --context=cluster1 apply -n istio-system -f samples/multicluster/expose-istiod.yaml
kubectl --context=cluster1 apply -n istio-system -f samples/multicluster/expose-services.yaml
samples/multicluster/gen-eastwest-gateway.sh --network network2 | istioctl --context=cluster2 install -y -f -
for cluster in 1 2; do
  kubectl --context="cluster${cluster}" apply -n sample -l service=helloworld -f samples/helloworld/helloworld.yaml
  kubectl --context="cluster${cluster}" apply -n sample -l version="v${cluster}" -f samples/helloworld/helloworld.yaml
  kubectl --context="cluster${cluster}" apply -n sample -f samples/curl/curl.yaml
done
