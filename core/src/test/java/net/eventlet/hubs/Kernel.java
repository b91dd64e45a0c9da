package net.eventlet.hubs;

/// The pollers that a kernel stands behind: what one of them does, the other must do.
enum Kernel {
  EPOLL(EpollPoller::new),
  POLL(PollPoller::new);

  final Poller.Factory poller;

  Kernel(Poller.Factory poller) {
    this.poller = poller;
  }

  /// {@return options of a hub that lives on it}
  HubOptions options() {
    return HubOptions.DEFAULT.withPoller(poller);
  }
}
