import org.jspecify.annotations.NullMarked;

/// Database connections for green threads.
@NullMarked
module net.eventlet.dbpool {
  requires static transitive org.jspecify;
  requires transitive net.eventlet.core;
  requires transitive java.sql;
  requires transitive com.zaxxer.hikari;

  exports net.eventlet.dbpool;
}
