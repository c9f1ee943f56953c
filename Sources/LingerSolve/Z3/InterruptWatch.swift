private import CZ3
private import Glibc
package import LingerModel
private import Synchronization

/// Stops a context's checks as soon as there is a reason to, and the running one where Z3 takes too
/// much memory.
///
/// Z3 looks at its own time limit only now and then, and at nobody's wish to stop; a thread beside
/// it does both, so that an interrupt or a time limit ends a check that takes long. It is a thread
/// and no task: tasks wait for a free place, which the blocked check may be the one to hold.
package struct InterruptWatch: Sendable {
  private let watcher: Watcher

  /// What Z3 may take by default: a question that needs more is rarely decided at all, and other
  /// engines have their turn before the machine runs out of memory.
  package static let defaultMemoryBytes = 2 << 30

  /// Begins to watch; the budget is asked from the other thread.
  package init(
    _ interrupter: SolverInterrupter,
    _ budget: Budget,
    memoryBytes: Int = defaultMemoryBytes
  ) {
    watcher = Watcher(interrupter, memoryBytes, budget)
    watcher.start()
  }

  /// Ends the watch; checks are then stopped by their own limits only.
  package func end() { watcher.end() }
}

private final class Watcher: Sendable {
  private let interrupter: SolverInterrupter
  private let memoryBytes: Int
  private let budget: Budget
  private let isEnded = Atomic<Bool>(false)

  /// How often it looks, in microseconds.
  private static let interval: UInt32 = 20_000

  init(_ interrupter: SolverInterrupter, _ memoryBytes: Int, _ budget: Budget) {
    self.interrupter = interrupter
    self.memoryBytes = memoryBytes
    self.budget = budget
  }

  func end() { isEnded.store(true, ordering: .relaxed) }

  /// Starts the thread, which keeps the watcher alive; without a thread there is no watch, and
  /// checks end by their own limits.
  func start() {
    var thread = pthread_t()
    let context = unsafe Unmanaged.passRetained(self)
    let result = unsafe pthread_create(
      &thread,
      nil,
      { argument in
        guard let argument = unsafe argument else { return nil }
        unsafe Unmanaged<Watcher>.fromOpaque(argument).takeRetainedValue().watch()
        return nil
      },
      context.toOpaque()
    )
    if result == 0 { pthread_detach(thread) } else { unsafe context.release() }
  }

  private func watch() {
    while !isEnded.load(ordering: .relaxed) {
      if budget.isExhausted { return interrupter.interrupt() }
      if Z3_get_estimated_alloc_size() > memoryBytes { interrupter.stopForMemory() }
      usleep(Self.interval)
    }
  }
}
