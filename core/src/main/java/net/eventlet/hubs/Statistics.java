package net.eventlet.hubs;

/// A look at a hub. Seen from another thread, it may be a moment old.
///
/// @param alive green threads that were started and have not ended
/// @param runnable those of them that wait for their turn
/// @param timers pending
/// @param switches turns that green threads had, ever
public record Statistics(int alive, int runnable, int timers, long switches) {}
