"""What does a small answer cost in gevent's WSGI server?

Run: /usr/bin/python3 gevent_http.py [SECONDS]     the port is the first line of output
     make bench ARGS=http                          beside its peers
"""

import signal
import sys

from gevent.pywsgi import WSGIServer
from hello import application

signal.alarm(int(sys.argv[1]) if len(sys.argv) > 1 else 600)  # then the signal ends the process
server = WSGIServer(("127.0.0.1", 0), application, backlog=4096, log=None, error_log=None)
server.start()
print(server.server_port, flush=True)
server.serve_forever()
