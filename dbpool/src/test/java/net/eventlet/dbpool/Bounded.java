package net.eventlet.dbpool;

import static org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Timeout;

/// Fails a test that hangs, on a thread that is given up with it: a hub that waits for ever heeds
/// no interrupt.
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@Timeout(value = 120, threadMode = SEPARATE_THREAD)
@interface Bounded {}
