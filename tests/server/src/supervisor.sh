# Runs a program in a new folder until standard input ends, which it does
# when the process holding its other end ends in whatever way; then stops the
# program and removes the folder.
#
# $1: the program, `server` (PostgreSQL) or `bouncer` (PgBouncer), $2: the new
# folder, $3: the folder of the binaries, $4: a new folder for the data
# elsewhere, if one can be made there.
#
# Files in the folder tell how far it is: `initialized` (waits for a line of
# input before it starts the program) and `ended` (the program did, or its
# initialization failed).
#
# What the program logged goes to standard output in the end, and after it a
# line that says that this was all.

program=$1
folder=$2
binaries=$3
elsewhere=$4
umask 077
trap '' HUP INT TERM
mkdir "$folder" || exit 1
exec 3<&0 4>&1 </dev/null >>"$folder/log" 2>&1

case $program in
server)
    initialize() {
        "$binaries/initdb" --pgdata="$folder/data" --auth=trust --no-sync \
            --username=postgres --encoding=UTF8 --locale=C
    }
    run() {
        exec "$binaries/postgres" -D "$folder/data"
    }
    # A fast shutdown, then an immediate one, then none at all.
    signals='INT QUIT KILL'
    ;;
bouncer)
    initialize() {
        mkdir -p "$folder/data"
    }
    run() {
        exec "$binaries/pgbouncer" "$folder/data/pgbouncer.ini"
    }
    # It has nothing to save, and what another signal means depends on its
    # version.
    signals=KILL
    ;;
esac

# A temporary folder may be closed to the program's user.
if [ -n "$elsewhere" ] && mkdir "$elsewhere"; then
    ln -s "$elsewhere" "$folder/data"
else
    elsewhere=
fi

if mkdir "$folder/socket" &&
    initialize 3<&- 4>&- &&
    : >"$folder/initialized" &&
    read -r line <&3
then
    # The log is the program's from here on.
    : >"$folder/log"
    run 3<&- 4>&- &
    running=$!
    (
        cat <&3 >/dev/null
        for signal in $signals; do
            tries=0
            while [ "$tries" -lt 200 ]; do
                [ -e "$folder/ended" ] && exit
                [ "$tries" -eq 0 ] && kill -"$signal" "$running"
                tries=$((tries + 1))
                sleep 0.05 || sleep 1
            done
        done
    ) &
    wait "$running"
    : >"$folder/ended"
    wait
else
    : >"$folder/ended"
    cat <&3 >/dev/null
fi

cat "$folder/log" >&4 && echo 'end of the log' >&4

# What a killed server's processes still write may be in the way once.
remove() {
    rm -rf "$folder" ${elsewhere:+"$elsewhere"}
}
remove || { sleep 1; remove; }
