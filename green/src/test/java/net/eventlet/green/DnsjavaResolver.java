package net.eventlet.green;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.util.ArrayList;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.ReverseMap;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import org.xbill.DNS.lookup.LookupResult;
import org.xbill.DNS.lookup.LookupSession;

/// Asks name servers of one's own, through dnsjava: its answers come as futures, for which a green
/// thread parks.
///
/// @param session knows the name servers
record DnsjavaResolver(LookupSession session) implements InetAddressResolver {

  @Override
  public Stream<InetAddress> lookupByName(String host, LookupPolicy policy)
      throws UnknownHostException {
    var name = name(host);
    var questions = new ArrayList<CompletionStage<LookupResult>>();
    if ((policy.characteristics() & LookupPolicy.IPV4) != 0) {
      questions.add(session.lookupAsync(name, Type.A));
    }
    if ((policy.characteristics() & LookupPolicy.IPV6) != 0) {
      questions.add(session.lookupAsync(name, Type.AAAA));
    }
    if ((policy.characteristics() & LookupPolicy.IPV6_FIRST) != 0) {
      questions.addFirst(questions.removeLast());
    }
    var found = new ArrayList<InetAddress>();
    for (var question : questions) {
      for (var record : answer(host, question).getRecords()) {
        switch (record) {
          case ARecord a -> found.add(a.getAddress());
          case AAAARecord aaaa -> found.add(aaaa.getAddress());
          default -> {}
        }
      }
    }
    return found.stream();
  }

  @Override
  public String lookupByAddress(byte[] bytes) throws UnknownHostException {
    var address = InetAddress.getByAddress(bytes);
    var question = session.lookupAsync(ReverseMap.fromAddress(address), Type.PTR);
    for (var record : answer(address.getHostAddress(), question).getRecords()) {
      if (record instanceof PTRRecord pointer) {
        return pointer.getTarget().toString(true);
      }
    }
    throw new UnknownHostException(address.getHostAddress());
  }

  private static LookupResult answer(String what, CompletionStage<LookupResult> question)
      throws UnknownHostException {
    try {
      return question.toCompletableFuture().get();
    } catch (ExecutionException e) {
      throw unknown(what, e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unknown(what, e);
    }
  }

  private static Name name(String host) throws UnknownHostException {
    try {
      return Name.fromString(host, Name.root);
    } catch (TextParseException e) {
      throw unknown(host, e);
    }
  }

  private static UnknownHostException unknown(String what, Throwable cause) {
    var failure = new UnknownHostException(what);
    failure.initCause(cause);
    return failure;
  }
}
