internal import CZ3
private import Glibc
private import Synchronization

/// Stops a context's checks from any thread.
///
/// It stays pulled: after ``interrupt()`` the check that runs and all later ones answer
/// `unknown(.interrupted)`, until the context's own thread calls ``SolverContext/resume()``. So it
/// does not matter whether the request comes during a check or between two.
///
/// Until then other calls in the context may throw ``Z3Error/interrupted`` too.
///
/// Z3's own interrupt is neither sticky nor exact: one that comes in the microseconds before a
/// check has set itself up is lost, so ours is repeated while the check runs.
@safe
package struct SolverInterrupter: Sendable {
  private let shared: Shared

  /// How often a request is repeated while the check does not end, one millisecond apart.
  private static let repetitions = 50

  init(context: Z3_context) {
    shared = unsafe Shared(context)
  }

  /// Asks the running check to stop, and later ones not to start.
  ///
  /// Returns when the check has stopped or has certainly heard: 50 ms at most. Not for use inside
  /// a signal handler: it takes a lock.
  package func interrupt() {
    if let check = shared.request() { signal(check) }
  }

  /// Stops the running check, if there is one, because it takes too much memory; later ones may
  /// start.
  func stopForMemory() {
    if let check = shared.noteMemory() { signal(check) }
  }

  private func signal(_ check: Int) {
    for _ in 0..<Self.repetitions {
      guard shared.signal(check) else { return }
      usleep(1_000)
    }
  }

  /// Whether ``interrupt()`` was called since the context was opened or resumed.
  package var isInterrupted: Bool { shared.isRequested }

  /// Notes that a check begins; false when it must not.
  func begin() -> Bool { shared.begin() }

  /// Notes that the check has ended; tells whether it was interrupted, or took too much memory.
  func end() -> (isInterrupted: Bool, isTooLarge: Bool) { shared.end() }

  func reset() { shared.reset() }

  /// Forgets the context, which is about to go.
  func detach() { shared.detach() }
}

/// What the two threads share, under one lock.
@safe
private final class Shared: Sendable {
  /// `Sendable` although it holds a pointer: Z3 allows the one call made with it from any thread.
  @safe
  private struct State: @unchecked Sendable {
    var context: Z3_context?
    var isRequested = false
    /// Counts checks, so that a repeated request never stops the next one.
    var checks = 0
    var isRunning = false
    /// Whether the running check is stopped for the memory it takes.
    var isTooLarge = false
  }

  private let state: Mutex<State>

  init(_ context: Z3_context) {
    state = unsafe Mutex(State(context: context))
  }

  var isRequested: Bool { state.withLock { $0.isRequested } }

  func request() -> Int? {
    state.withLock { state in
      state.isRequested = true
      return state.isRunning ? state.checks : nil
    }
  }

  func noteMemory() -> Int? {
    state.withLock { state in
      guard state.isRunning else { return nil }
      state.isTooLarge = true
      return state.checks
    }
  }

  func signal(_ check: Int) -> Bool {
    state.withLock { state in
      guard state.isRunning, state.checks == check, let context = unsafe state.context else {
        return false
      }
      unsafe Z3_interrupt(context)
      return true
    }
  }

  func begin() -> Bool {
    state.withLock { state in
      guard !state.isRequested else { return false }
      state.checks += 1
      state.isRunning = true
      state.isTooLarge = false
      return true
    }
  }

  func end() -> (isInterrupted: Bool, isTooLarge: Bool) {
    state.withLock { state in
      state.isRunning = false
      return (state.isRequested, state.isTooLarge)
    }
  }

  func reset() {
    state.withLock { $0.isRequested = false }
  }

  func detach() {
    state.withLock { unsafe $0.context = nil }
  }
}
