#!/usr/bin/env bash
# Stands in for kubectl, istioctl and helm while a document's commands are run: does nothing, answers questions from the
# files in $ANSWERS, and writes down in $CALLS what it was given. What would write YAML to a pipe passes its own call on.
set -euo pipefail

context=none
files=()
words=()
question=
service=
args=("$@")
for ((i = 0; i < $#; i++)); do
  next="${args[i + 1]:-}"
  case "${args[i]}" in
    --context=* | --kube-context=*) context="${args[i]#*=}" ;;
    --selector=app=*) service="${args[i]#*=*=}" ;;
    --from-file=*) files+=("${args[i]#*=}") ;;
    -f | --from-file) files+=("$next") && i=$((i + 1)) ;;
    -o) question="$next" && i=$((i + 1)) ;;
    -n | -l | --set | --name) i=$((i + 1)) ;;
    -*) ;;
    *) words+=("${args[i]}") ;;
  esac
done

answer() {
  if [ -f "$ANSWERS/$context/$1" ]; then cat "$ANSWERS/$context/$1"; fi
}

call() {
  echo "#> $program"
  printf '#| %s\n' "${args[@]}"
  for file in "${files[@]}"; do
    echo "#< $file"
    if [ "$file" = - ]; then cat; elif [ -f "$file" ]; then cat "$file"; fi
  done
}

program="$(basename "$0")"
case "$program ${words[*]}" in
  "kubectl get svc"* | "kubectl get service"*) answer "${service:-${words[2]}}" ;;
  "kubectl get sa"*) echo token ;;
  "kubectl get secret"*) if [[ "$question" == *ca* ]]; then answer ca; else answer token | base64; fi ;;
  "kubectl config view"*) if [[ "$question" == *server* ]]; then answer server; else echo "$context"; fi ;;
  "kubectl get"* | "kubectl wait"*) ;;
  "istioctl manifest generate"* | "istioctl"*"create-remote-secret"*) call ;;
  *) call >"$CALLS/$(printf '%03d' "$(find "$CALLS" -type f | wc -l)")" ;;
esac
