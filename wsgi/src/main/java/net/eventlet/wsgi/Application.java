package net.eventlet.wsgi;

import java.util.function.UnaryOperator;

/// What a server serves.
///
/// ```java
/// Application hello = request -> Response.text("hello, " + request.path() + "\n");
/// ```
///
/// Source: PEP 3333. There the status and headers go through `start_response`; here they are part
/// of what is returned, so they cannot come late or twice.
@FunctionalInterface
public interface Application {

  /// Answers one request, in a green thread that serves no one else meanwhile.
  ///
  /// @param request what to answer; of use until the answer has been sent
  /// @return the answer; its body may be produced while it is being sent
  /// @throws Exception if there is none: it is logged, and the client gets a 500
  Response handle(Request request) throws Exception;

  /// {@return this application inside another that looks at requests before it, or at answers after
  /// it}
  ///
  /// @param middleware makes the outer one of the inner one
  default Application within(UnaryOperator<Application> middleware) {
    return middleware.apply(this);
  }
}
