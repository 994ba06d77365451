# The samples for a control plane with a revision, their placeholders filled in.

samples/multicluster/gen-eastwest-gateway.sh --network network1 --revision 1-31 |
  istioctl --context=cluster1 install -y -f -
sed 's/{{.Revision}}/1-31/' samples/multicluster/expose-istiod-rev.yaml.tmpl |
  kubectl --context=cluster1 apply -n istio-system -f -
