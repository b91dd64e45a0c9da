package net.eventlet.green;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/// What a server, or a client that is asked, can show: the identity that is for the name which the
/// client wants, else the first whose kind of key the other side takes.
///
/// They can be [replaced][#replace] while a context that was made with them serves: each handshake
/// takes those that are there when it begins.
public final class Identities extends X509ExtendedKeyManager {

  private volatile Generation generation;

  /// What is there at a time. An alias is the generation's number and a place in its list, and is
  /// good for one generation more.
  ///
  /// @param number counts them
  /// @param now the best first
  /// @param before those of the generation before
  private record Generation(long number, List<Identity> now, List<Identity> before) {

    String alias(Identity identity) {
      return number + "." + now.indexOf(identity);
    }

    @Nullable Identity identity(String alias) {
      var dot = alias.indexOf('.');
      var of = Long.parseLong(alias.substring(0, dot));
      var list = of == number ? now : of == number - 1 ? before : List.<Identity>of();
      var index = Integer.parseInt(alias.substring(dot + 1));
      return index < list.size() ? list.get(index) : null;
    }
  }

  /// Creates a set.
  ///
  /// @param identities the best first
  public Identities(List<Identity> identities) {
    generation = new Generation(0, List.copyOf(identities), List.of());
  }

  /// Creates a set of one or several.
  ///
  /// @param identities the best first
  public Identities(Identity... identities) {
    this(Arrays.asList(identities));
  }

  /// Shows others from now on; connections that exist keep theirs.
  ///
  /// @param identities the best first
  public synchronized void replace(List<Identity> identities) {
    var old = generation;
    generation = new Generation(old.number() + 1, List.copyOf(identities), old.now());
  }

  private @Nullable String choose(
      @Nullable String[] keyTypes, Predicate<Identity> other, @Nullable SSLSession handshake) {
    var here = generation;
    var named = here.now().stream().filter(identity -> named(identity, handshake)).toList();
    for (var type : keyTypes) {
      for (var identity : named.isEmpty() ? here.now() : named) {
        if (isOf(identity, type) && other.test(identity)) {
          return here.alias(identity);
        }
      }
    }
    return null;
  }

  private static boolean named(Identity identity, @Nullable SSLSession handshake) {
    if (handshake instanceof ExtendedSSLSession extended) {
      for (var name : extended.getRequestedServerNames()) {
        if (name instanceof SNIHostName host && identity.isFor(host.getAsciiName())) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isOf(Identity identity, @Nullable String keyType) {
    return keyType != null
        && keyType.split("_", 2)[0].equalsIgnoreCase(identity.key().getAlgorithm());
  }

  private static boolean isIssued(Identity identity, Principal @Nullable [] issuers) {
    return issuers == null
        || issuers.length == 0
        || identity.chain().stream()
            .anyMatch(one -> Arrays.asList(issuers).contains(one.getIssuerX500Principal()));
  }

  // --------------------------------------------------------------------------- what a context asks

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    return choose(
        new String[] {keyType}, _ -> true, engine == null ? null : engine.getHandshakeSession());
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return choose(
        new String[] {keyType},
        _ -> true,
        socket instanceof SSLSocket ssl ? ssl.getHandshakeSession() : null);
  }

  @Override
  public @Nullable String chooseEngineClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    return choose(keyTypes, identity -> isIssued(identity, issuers), null);
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return choose(keyTypes, identity -> isIssued(identity, issuers), null);
  }

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    return getClientAliases(keyType, issuers);
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    var here = generation;
    var aliases = new ArrayList<String>();
    for (var identity : here.now()) {
      if (isOf(identity, keyType) && isIssued(identity, issuers)) {
        aliases.add(here.alias(identity));
      }
    }
    return aliases.isEmpty() ? null : aliases.toArray(String[]::new);
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String alias) {
    var identity = generation.identity(alias);
    return identity == null ? null : identity.chain().toArray(X509Certificate[]::new);
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    var identity = generation.identity(alias);
    return identity == null ? null : identity.key();
  }

  @Override
  public String toString() {
    return "Identities" + generation.now();
  }
}
