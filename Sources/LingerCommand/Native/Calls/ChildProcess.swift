import Foundation

/// A process in a group of its own, so that what it starts ends with it.
@safe
final class ChildProcess: Sendable {
  private let number: pid_t

  /// Nil where it cannot be started. What it writes goes to a file.
  convenience init?(_ program: String, _ arguments: [String], output: String) {
    unsafe self.init(program, arguments) { actions in
      unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
      unsafe posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT, 0o600)
      unsafe posix_spawn_file_actions_adddup2(&actions, 1, 2)
    }
  }

  /// Nil where it cannot be started. Its standard streams are open files of this process.
  convenience init?(
    _ program: String,
    _ arguments: [String],
    streams: (input: Int32, output: Int32, errors: Int32)
  ) {
    unsafe self.init(program, arguments) { actions in
      unsafe posix_spawn_file_actions_adddup2(&actions, streams.input, 0)
      unsafe posix_spawn_file_actions_adddup2(&actions, streams.output, 1)
      unsafe posix_spawn_file_actions_adddup2(&actions, streams.errors, 2)
    }
  }

  private init?(
    _ program: String,
    _ arguments: [String],
    _ wire: (inout posix_spawn_file_actions_t) -> Void
  ) {
    var actions = unsafe posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    unsafe posix_spawn_file_actions_init(&actions)
    unsafe posix_spawnattr_init(&attributes)
    defer {
      unsafe posix_spawn_file_actions_destroy(&actions)
      unsafe posix_spawnattr_destroy(&attributes)
    }
    unsafe wire(&actions)
    unsafe posix_spawnattr_setpgroup(&attributes, 0)
    unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
    var words = unsafe ([program] + arguments).map { unsafe strdup($0) } + [nil]
    defer { unsafe words.forEach { word in unsafe free(word) } }
    var child: pid_t = 0
    let result = unsafe posix_spawnp(&child, program, &actions, &attributes, &words, environ)
    guard result == 0 else { return nil }
    number = child
  }

  /// What it ended with; nil while it runs. Not asked again after an answer.
  var exitCode: Int32? {
    var status: Int32 = 0
    guard unsafe waitpid(number, &status, WNOHANG) != 0 else { return nil }
    let isSignalled = status & 0x7F != 0
    return isSignalled ? 128 + status & 0x7F : status >> 8 & 0xFF
  }

  /// Ends it, with all that it started.
  func kill() {
    _ = Foundation.kill(-number, SIGKILL)
    var status: Int32 = 0
    _ = unsafe waitpid(number, &status, 0)
  }
}
