"""What does an echo cost in gevent, a greenlet a connection?

Bytes are sent back as they come, with recv and sendall: cheaper than the file object that the echo
server of gevent's examples reads lines from.

Run: /usr/bin/python3 gevent_echo.py [SECONDS]     the port is the first line of output
     make bench ARGS=echo                          beside its peers
"""

import signal
import socket
import sys

from gevent.server import StreamServer


def echo(connection, _address):
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    while True:
        data = connection.recv(4096)
        if not data:
            break
        connection.sendall(data)


signal.alarm(int(sys.argv[1]) if len(sys.argv) > 1 else 600)  # then the signal ends the process
server = StreamServer(("127.0.0.1", 0), echo, backlog=4096)
server.start()
print(server.server_port, flush=True)
server.serve_forever()
