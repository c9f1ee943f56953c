import LingerConform
import LingerKernel

/// What exchanges came to before.
extension World {
  /// Throws away what is known of exchanges where a follower's engine has forgotten what it is
  /// numbered by, or where there is too much; whether it did.
  @discardableResult
  func forgetsOutcomes(for follower: Follower) -> Bool {
    memory.outcomes.forgetIfOutdated(for: follower)
  }

  /// What a follower knows, and its number; nil where there is none.
  func known(by follower: Follower) -> Standings.Known? { memory.outcomes.known(by: follower) }

  /// What is known, and what the subject is told so long after it; nil for a call that is not among
  /// those that are tried.
  func situation(at standing: Int, after wait: Int64, _ input: SubjectInput) -> Situation? {
    guard let number = number(of: input) else { return nil }
    return memory.outcomes.situation(at: standing, after: wait, number)
  }

  /// A reset, before which nothing is known.
  var beginning: Situation { memory.outcomes.situation(at: -1, after: 0, 0) }

  private func number(of input: SubjectInput) -> Int? {
    switch input {
    case .advance: 0
    case .receive(let message): number(of: message) << 2 | 1
    case .call(let name, let arguments):
      possibleCalls.firstIndex { $0.name == name && $0.arguments == arguments }.map { $0 << 2 | 2 }
    }
  }

  /// What a reply came to before.
  func outcome(
    of reply: SubjectReply,
    in situation: Situation,
    at time: Int64
  ) -> ExchangeMemo.Outcome? {
    if let latest = situation.outcome(of: reply, at: time) { return latest }
    let known = memory.outcomes.outcome(of: reply, in: situation, at: time)
    if let known { situation.note(.success(reply), known, at: time) }
    return known
  }

  func remember(
    _ outcome: ExchangeMemo.Outcome,
    of reply: SubjectReply,
    in situation: Situation,
    at time: Int64
  ) {
    memory.outcomes.remember(outcome, of: reply, in: situation, at: time)
    situation.note(.success(reply), outcome, at: time)
  }
}
