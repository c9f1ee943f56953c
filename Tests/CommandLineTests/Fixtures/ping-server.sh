# The server of Ping.linger, spoken to in the line protocol. The first argument names what it does
# wrong: deaf answers no request, late none that is asked again, wrong counts one too many, unable
# refuses everything.
fault=$1
value() {
  rest=${line#*\"$1\":}
  rest=${rest# }
  rest=${rest%%[,\}]*}
}
answer() { printf '{"type":"done","re":%s,"out":[%s],"state":{"answered":%s}}\n' "$id" "$1" "$count"; }
count=0
while IFS= read -r line; do
  value id
  id=$rest
  case $line in
  *'"hello"'*)
    printf '{"type":"hello_ok","re":%s,"version":1,"name":"ping","capabilities":' "$id"
    printf '{"virtualTime":true,"state":true,"reset":true}}\n'
    ;;
  *'"reset"'*)
    count=0
    answer
    ;;
  *'"bye"'*) exit 0 ;;
  *'"receive"'* | *'"advance"'*)
    if [ "$fault" = unable ]; then
      printf '{"type":"error","re":%s,"code":"unsupported","definite":true,"text":"no"}\n' "$id"
      continue
    fi
    case $line in *'"advance"'*) answer; continue ;; esac
    value at
    at=$rest
    value try
    try=$rest
    [ $count -lt 2 ] && [ "$fault" != deaf ] && count=$((count + 1))
    [ "$fault" = wrong ] && try=$((try + 1))
    case $fault$try in
    deaf*) answer ;;
    late1) answer ;;
    crash*) echo "cannot go on" >&2; exit 3 ;;
    *) answer "{\"at\":$at,\"message\":\"Reply\",\"fields\":{\"try\":$try}}" ;;
    esac
    ;;
  *) answer ;;
  esac
done
