/// What of the standard library does not cooperate as it is, made green; and what Eventlet has
/// beside.
///
/// | for | use |
/// |---|---|
/// | child processes, pipes, descriptors | [Subprocess], [Command], [Os], [Select] |
/// | files | [GreenFiles] |
/// | TLS | [GreenSsl], [Identity], [SslOptions] |
/// | names | [Names]; most programs need not call it |
/// | asking over HTTP | [GreenHttp] |
/// | thread pools, threads, timers | [Executors], [Threads], [GreenTimer] |
/// | servers of handlers | [SocketServer]; [AsyncProvider] for asynchronous channels |
/// | to see where the time goes | [Profile] |
@NullMarked
package net.eventlet.green;

import org.jspecify.annotations.NullMarked;
