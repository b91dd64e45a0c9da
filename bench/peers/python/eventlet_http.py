"""What does a small answer cost in Eventlet's WSGI server?

Run: /usr/bin/python3 eventlet_http.py [SECONDS]     the port is the first line of output
     make bench ARGS=http                            beside its peers
"""

import signal
import sys

import eventlet
from eventlet import wsgi
from hello import application

signal.alarm(int(sys.argv[1]) if len(sys.argv) > 1 else 600)  # then the signal ends the process
listener = eventlet.listen(("127.0.0.1", 0), backlog=4096)
print(listener.getsockname()[1], flush=True)
wsgi.server(listener, application, log_output=False, max_size=20000, debug=False)
