# supervise.sh FOLDER COMMAND...
#
# Runs COMMAND, a Postgres, and prints its exit status when it ends. Ends it when
# the other end of descriptor 4 is closed, which the kernel does for a process
# that dies, and then removes FOLDER. Descriptor 3 is the folder's lock: it is
# there to be inherited.
folder=$1
shift
# Neither a signal to this shell nor the loss of who reads what it prints may keep
# it from its work. Postgres sets its own handlers.
trap '' HUP INT TERM PIPE

"$@" </dev/null >>"$folder/log" 2>&1 4<&- &
server=$!

# SIGQUIT ends Postgres at once. Until Postgres has its handlers it ignores the
# signal, as every background command of a shell does, so it is sent until there
# is nobody to receive it.
{
	read -r _
	while kill -QUIT "$server"; do sleep 0.1 3<&-; done
} <&4 >/dev/null 2>&1 &
watch=$!

wait "$server"
echo "$?"
exec >&-

# Without this the watch could send its signal to whoever has the number next. A
# process that was killed still has to die, which takes its time on a busy machine.
kill -KILL "$watch"
wait "$watch"
read -r _ <&4

# Half a removal would take the lock and leave the folder. Where this account may
# not remove it, the next start of the one who made it does.
if [ -w "${folder%/*}" ]; then rm -rf "$folder"; fi
