package stranger.libraries;

import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.internal.storage.dfs.DfsRepositoryDescription;
import org.eclipse.jgit.internal.storage.dfs.InMemoryRepository;
import org.eclipse.jgit.transport.RefSpec;

/// Clones a repository into memory, with JGit.
public final class GitOperation implements Operation {

  private String address;

  @Override
  public void open(int serverPort, int most) {
    address = "git://127.0.0.1:" + serverPort + "/project.git";
  }

  @Override
  public String once(int number) throws Exception {
    try (var repository = new InMemoryRepository(new DfsRepositoryDescription("copy-" + number));
        var git = new Git(repository)) {
      git.fetch().setRemote(address).setRefSpecs(new RefSpec("+refs/heads/*:refs/heads/*")).call();
      return git.log().all().call().iterator().next().getShortMessage();
    }
  }

  @Override
  public void close() {}
}
