internal import CZ3

/// What a long-running call of Z3 left behind, read at once: the next call would overwrite it.
struct RawOutcome {
  var failure: Z3Error?
  var isInterrupted: Bool
  /// Whether it was stopped for the memory it took.
  var isTooLarge: Bool
  var elapsed: Duration

  /// Whether Z3 speaks of a stop from outside rather than of a real failure.
  var isCanceled: Bool {
    guard case .failure(_, let message, _) = failure else { return failure != nil }
    return Self.speaksOfStop(message)
  }

  /// Why there is no answer, from what we know first and from Z3's words last.
  ///
  /// Z3 says "canceled" for a time-out, for spent work and for an interrupt alike.
  func reason(_ text: String, under limits: SolverLimits) -> UnknownReason {
    if isInterrupted { return .interrupted }
    if isTooLarge { return .memoryLimit }
    let wasStopped = isCanceled || Self.speaksOfStop(text)
    if wasStopped, let milliseconds = limits.timeoutMilliseconds,
      elapsed >= .milliseconds(milliseconds)
    {
      return .timeLimit
    }
    if wasStopped, limits.resourceUnits != nil { return .resourceLimit }
    return .other(text)
  }

  /// Optimizers give "unknown" as their reason for "unknown".
  private static func speaksOfStop(_ text: String) -> Bool {
    ["canceled", "timeout", "resource limit", "interrupted"].contains { text.contains($0) }
      || text == "unknown"
  }
}

extension SolverContext {
  /// Makes checks possible again after an interrupt.
  ///
  /// Z3 may have an interrupt left that the stopped call has not used up; most calls would then
  /// fail with "canceled". A check of nothing uses it up. Not earlier than here: the stopped
  /// call's result must be kept before Z3 makes another object.
  package func resume() {
    useUpInterrupt()
    interrupter.reset()
  }

  private func useUpInterrupt() {
    if let scratch = unsafe Z3_mk_simple_solver(pointer) {
      unsafe Z3_solver_inc_ref(pointer, scratch)
      _ = unsafe Z3_solver_check(pointer, scratch)
      unsafe Z3_solver_dec_ref(pointer, scratch)
    }
  }

  /// Runs a call that may take long, so that the interrupter can stop it; nil when it already has.
  func run<Result>(_ operation: String, _ body: (Z3_context) -> Result) -> (Result, RawOutcome)? {
    guard interrupter.begin() else { return nil }
    let start = ContinuousClock.now
    let result = unsafe body(pointer)
    let failure = failure(operation)
    let elapsed = ContinuousClock.now - start
    let end = interrupter.end()
    // Later checks may go on: what the stopped one took is given back.
    if end.isTooLarge { useUpInterrupt() }
    return (
      result,
      RawOutcome(
        failure: failure,
        isInterrupted: end.isInterrupted,
        isTooLarge: end.isTooLarge,
        elapsed: elapsed
      )
    )
  }

  /// Limits the work of calls that have no option for it, for the time of `body`.
  func limitingWork<Result>(
    to limits: SolverLimits,
    _ body: () throws(Z3Error) -> Result
  ) throws(Z3Error) -> Result {
    guard limits.resourceUnits != nil else { return try body() }
    try setContextOption("rlimit", "\(limits.resourceOption)")
    // A failure to lift the limit again would only make later answers unknown.
    defer { unsafe Z3_update_param_value(pointer, "rlimit", "0") }
    return try body()
  }

  private func setContextOption(_ name: String, _ value: String) throws(Z3Error) {
    unsafe try call("set option \(name)") { unsafe Z3_update_param_value($0, name, value) }
  }
}
