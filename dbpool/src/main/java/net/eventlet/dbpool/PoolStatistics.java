package net.eventlet.dbpool;

/// How a pool fares.
///
/// @param idle connections that can be lent at once
/// @param lent connections that have been got and have not come back
/// @param connecting connections that are being made
/// @param waiting threads that wait for one to come back
/// @param connected connections made since the beginning
/// @param expired connections closed since they were idle or in use for too long, or the pool was
///   cleared or closed
/// @param broken connections given up since they failed, or were in use when somebody was killed
/// @param timedOut how often somebody waited in vain
public record PoolStatistics(
    int idle,
    int lent,
    int connecting,
    int waiting,
    long connected,
    long expired,
    long broken,
    long timedOut) {}
