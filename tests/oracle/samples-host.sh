# The sample that exposes an istiod behind a host name, its placeholders filled in.

sed -e 's/\$CREDENTIAL_NAME/istiod-credential/' -e 's/ISTIOD-HOST.DOMAIN/istiod.example.com/' \
  samples/multicluster/expose-istiod-https.yaml | kubectl --context=cluster1 apply -n istio-system -f -
