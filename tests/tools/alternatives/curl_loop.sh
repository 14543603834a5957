# A loop with curl, which tries again by itself.
#
#     sh curl_loop.sh leads.csv URL TOKEN > answers.csv
tail -n +2 "$1" | tr -d '\r"' | while IFS=, read -r phone campaign data; do
    call="{\"calldate\": null, \"campaign\": \"$campaign\", \"destination\": \"$phone\",\
 \"alternatives\": \"\", \"agent\": \"\", \"data\": \"$data\", \"source\": \"source\",\
 \"bulk\": false, \"automatic\": true}"
    # A fixed delay, for its growing one would only take longer.
    answer=$(curl --silent --fail --max-time 30 --retry 5 --retry-delay 1 --retry-all-errors \
        --header "Authorization: Basic $3" --data-urlencode "call=$call" \
        "$2/Integra/resources/Dialers/DialerTask" < /dev/null)
    case $? in
        0) said=$(printf %s "$answer" | tr -d ' \r\n') ;;
        *) said= ;;
    esac
    if [ "$said" = 1 ]; then echo "$phone,in"; else echo "$phone,failed"; fi
done
