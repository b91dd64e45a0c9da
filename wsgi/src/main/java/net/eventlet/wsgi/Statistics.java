package net.eventlet.wsgi;

import java.util.SortedMap;

/// What a server has done so far. What a metrics library polls: each part is a number that it can
/// read again and again.
///
/// @param connections open now
/// @param resting of them that answer nothing, and are still HTTP
/// @param atWork requests that are being answered now
/// @param upgraded connections that have left HTTP
/// @param accepted connections in all
/// @param turnedAway of them, at a limit on connections
/// @param requests answered in all
/// @param refused of them, for being malformed, too large or too slow
/// @param failed of them, for what the application threw
/// @param statuses how many answers had each
/// @param bytesReceived in all, heads included
/// @param bytesSent in all, heads included
/// @param latencies from the end of a request's head until its answer had gone, or waited to go
public record Statistics(
    int connections,
    int resting,
    int atWork,
    int upgraded,
    long accepted,
    long turnedAway,
    long requests,
    long refused,
    long failed,
    SortedMap<Integer, Long> statuses,
    long bytesReceived,
    long bytesSent,
    Latencies latencies) {}
