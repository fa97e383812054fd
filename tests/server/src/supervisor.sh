# Runs a server in a new folder until standard input ends, which it does
# when the process holding its other end ends in whatever way; then stops the
# server and removes the folder.
#
# $1: the new folder, $2: the folder of the binaries, $3: a new folder for the
# data elsewhere, if one can be made there.
#
# Files in the folder tell how far it is: `initialized` (waits for a line of
# input before it starts the server) and `ended` (the server or initdb did).

folder=$1
binaries=$2
elsewhere=$3
umask 077
trap '' HUP INT TERM
mkdir "$folder" || exit 1
exec 3<&0 </dev/null >>"$folder/log" 2>&1

# A temporary folder may be closed to the server's user.
if [ -n "$elsewhere" ] && mkdir "$elsewhere"; then
    ln -s "$elsewhere" "$folder/data"
else
    elsewhere=
fi

if mkdir "$folder/socket" &&
    "$binaries/initdb" --pgdata="$folder/data" --auth=trust --no-sync \
        --username=postgres --encoding=UTF8 --locale=C 3<&- &&
    : >"$folder/initialized" &&
    read -r line <&3
then
    # The log is the server's from here on.
    : >"$folder/log"
    "$binaries/postgres" -D "$folder/data" 3<&- &
    server=$!
    (
        cat <&3 >/dev/null
        # A fast shutdown, then an immediate one, then none at all.
        for signal in INT QUIT KILL; do
            tries=0
            while [ "$tries" -lt 200 ]; do
                [ -e "$folder/ended" ] && exit
                [ "$tries" -eq 0 ] && kill -"$signal" "$server"
                tries=$((tries + 1))
                sleep 0.05 || sleep 1
            done
        done
    ) &
    wait "$server"
    : >"$folder/ended"
    wait
else
    : >"$folder/ended"
    cat <&3 >/dev/null
fi

# What a killed server's processes still write may be in the way once.
remove() {
    rm -rf "$folder" ${elsewhere:+"$elsewhere"}
}
remove || { sleep 1; remove; }
