#!/bin/sh
# demo-window.sh: opens the window for a new card, until it is closed. Run by `make demo-window`, in the sandbox, with a
# simulated card in the reader:
#   AVAIN_WINDOW  the window
set -eu
if [ -z "${DISPLAY-}${WAYLAND_DISPLAY-}" ]; then
    echo 'There is no desktop here on which a window could open.' >&2
    exit 1
fi
cat <<END
In a simulated reader is a card as the post brings it. The code in its letter is 1234567; think of a PIN1 and a PIN2
yourself. The card, and what you choose here, is gone when you close the window.
END
# Nothing of the user's is changed, and no window that is open already is used instead.
export XAUTHORITY="${XAUTHORITY-$HOME/.Xauthority}" HOME="$TMPDIR"
export DBUS_SESSION_BUS_ADDRESS=disabled: GTK_A11Y=none
unset XDG_DATA_HOME XDG_STATE_HOME XDG_CACHE_HOME
exec "$AVAIN_WINDOW"
