/// Things of one kind by number, each worked out the first time that something asks for it.
///
/// They depend on each other in any order; one that is asked for while it is being worked out
/// depends on itself. What was worked out does not change any more.
final class OnDemand<Content> {
  /// Nil inside `done` is an error that was reported.
  private enum Progress {
    case pending
    case inProgress
    case done(Content?)
  }

  private var things: [Progress]

  init(count: Int) {
    things = Array(repeating: .pending, count: count)
  }

  /// What it is, if that was worked out before.
  func known(_ number: Int) -> Content? {
    if case .done(let content) = things[number] { return content }
    return nil
  }

  /// Says beforehand what it is.
  func settle(_ number: Int, as content: Content) {
    guard case .pending = things[number] else {
      preconditionFailure("what was worked out does not change")
    }
    things[number] = .done(content)
  }

  /// What it is; nil where it depends on itself, which `reportCycle` says, or has another error.
  func content(_ number: Int, reportCycle: () -> Void, _ resolve: () -> Content?) -> Content? {
    switch things[number] {
    case .done(let content): return content
    case .inProgress:
      reportCycle()
      return nil
    case .pending: break
    }
    things[number] = .inProgress
    let content = resolve()
    things[number] = .done(content)
    return content
  }
}
