import Foundation
import LingerExplore
import LingerModel
import Synchronization

/// One run of the compiler, in a process group and a folder of its own, both gone afterwards.
final class CompilerRun: NativeBuild {
  private enum State {
    case running(ChildProcess, folder: String, until: ContinuousClock.Instant)
    case loaded(NativeFunction)
    case over
  }

  private let state: Mutex<State>
  /// For messages.
  private let name: String
  private let stamp: UInt64
  private let fail: @Sendable (String) -> Void

  /// Between two looks at a compiler that is waited for.
  private static let pause: UInt32 = 2000

  init(
    _ compiler: String,
    _ text: String,
    _ stamp: UInt64,
    _ patience: Duration,
    fail: @escaping @Sendable (String) -> Void
  ) {
    name = URL(fileURLWithPath: compiler).lastPathComponent
    self.stamp = stamp
    self.fail = fail
    guard let folder = Self.makeFolder() else {
      state = Mutex(.over)
      fail("no folder for temporary files can be made")
      return
    }
    let source = "\(folder)/steps.c"
    guard FileManager.default.createFile(atPath: source, contents: Data(text.utf8)),
      let child = ChildProcess(
        compiler,
        ["-O1", "-fwrapv", "-shared", "-fPIC", "-w", "-o", Self.library(in: folder), source],
        output: "\(folder)/output"
      )
    else {
      state = Mutex(.over)
      try? FileManager.default.removeItem(atPath: folder)
      fail("'\(name)' cannot be run")
      return
    }
    state = Mutex(.running(child, folder: folder, until: .now + patience))
  }

  private static func makeFolder() -> String? {
    let folder = "\(NSTemporaryDirectory())/linger-\(UUID().uuidString)"
    let isMade: Void? = try? FileManager.default.createDirectory(
      atPath: folder,
      withIntermediateDirectories: false,
      attributes: [.posixPermissions: 0o700]
    )
    return isMade == nil ? nil : folder
  }

  private static func library(in folder: String) -> String { "\(folder)/steps.so" }

  var function: NativeFunction? {
    state.withLock { state in
      if case .running(let child, let folder, let deadline) = state {
        look(at: child, in: folder, until: deadline, &state)
      }
      if case .loaded(let function) = state { return function }
      return nil
    }
  }

  private var isRunning: Bool {
    state.withLock { if case .running = $0 { true } else { false } }
  }

  private func look(
    at child: ChildProcess,
    in folder: String,
    until deadline: ContinuousClock.Instant,
    _ state: inout State
  ) {
    guard let code = child.exitCode else {
      if ContinuousClock.now < deadline { return }
      child.kill()
      state = .over
      fail("'\(name)' does not come to an end")
      remove(folder)
      return
    }
    defer { remove(folder) }
    state = .over
    guard code == 0 else {
      let output = try? String(contentsOfFile: "\(folder)/output", encoding: .utf8)
      let line = output?.split(separator: "\n").first.map { ": \($0)" } ?? ""
      fail("'\(name)' failed with exit code \(code)\(line)")
      return
    }
    guard let function = NativeLibrary.load(Self.library(in: folder), stamp: stamp) else {
      fail("'\(name)' did not make what it was asked for")
      return
    }
    state = .loaded(function)
  }

  private func remove(_ folder: String) { try? FileManager.default.removeItem(atPath: folder) }

  func wait(_ budget: Budget) -> UndecidedReason? {
    while isRunning, function == nil {
      if let reason = budget.exhaustion { return reason }
      usleep(Self.pause)
    }
    return nil
  }

  func end() {
    state.withLock { state in
      guard case .running(let child, let folder, _) = state else { return }
      child.kill()
      remove(folder)
      state = .over
    }
  }
}
