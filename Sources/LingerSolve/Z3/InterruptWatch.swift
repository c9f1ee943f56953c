/// Stops a context's checks as soon as there is a reason to.
///
/// Z3 looks at its own time limit only now and then, and at nobody's wish to stop; a task beside
/// it does both, so that an interrupt or a time limit ends a check that takes long.
package struct InterruptWatch: Sendable {
  private let task: Task<Void, Never>

  /// How often it looks.
  private static let interval = Swift.Duration.milliseconds(20)

  /// Begins to watch; `shouldStop` is asked from another thread.
  package init(
    _ interrupter: SolverInterrupter,
    shouldStop: @escaping @Sendable () -> Bool
  ) {
    task = Task.detached {
      while !Task.isCancelled {
        if shouldStop() { return interrupter.interrupt() }
        try? await Task.sleep(for: Self.interval)
      }
    }
  }

  /// Ends the watch; checks are then stopped by their own limits only.
  package func end() { task.cancel() }
}
