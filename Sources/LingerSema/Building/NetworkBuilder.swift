import LingerDiagnostics
import LingerModel
import LingerSyntax

/// Networks: their options; the routes have been entered before.
extension Program {
  /// The largest capacity and budget; each bounds what a state has to count.
  static let networkCountLimit = 1 << 16

  func buildNetworks() {
    for (number, entry) in declared.networks.enumerated() {
      let options = readOptions(entry.syntax.options)
      var network = Network(
        name: entry.syntax.name?.text,
        routes: routes.ofNetwork[number],
        loss: options.loss,
        duplication: options.duplication,
        reordering: options.reordering,
        isExplicit: options.isExplicit,
        capacity: options.capacity,
        lifetime: options.lifetime,
        span: entry.span
      )
      network.delay = options.delay
      model.networks.append(network)
      checkCapacity(network, entry.syntax.options)
      checkDelay(network, entry.syntax.options)
    }
    checkNetworkNames()
  }

  private func checkNetworkNames() {
    let unnamed = declared.networks.filter { $0.syntax.name == nil }
    guard declared.networks.count > 1, let second = unnamed.last else { return }
    guard unnamed.count > 1 else { return }
    error(
      .duplicateName,
      "there are two networks without a name",
      at: second.span,
      notes: [Diagnostic.Note("the first one is here", at: unnamed[0].span)],
      help: "name them: 'network control { ... }'"
    )
  }

  private struct Options {
    var loss = Network.Fault.never
    var duplication = Network.Fault.never
    var reordering = false
    var isExplicit = false
    var capacity: Int?
    var lifetime: Expression?
    var delay: Network.Delay?
  }

  private func readOptions(_ options: [NetworkSyntax.Option]) -> Options {
    let known = [
      "loss", "duplication", "reordering", "explicit", "capacity", "lifetime", "delay",
    ]
    var read = Options()
    var seen: [String: Span] = [:]
    for option in options {
      let name = option.name
      guard known.contains(name.text) else {
        error(
          .networkOption,
          "a network has no option '\(name.text)'",
          at: name.span,
          help: "the options are \(known.joined(separator: ", "))",
          fixIts: suggest(
            name,
            among: known.filter { word in !options.contains { $0.name.text == word } }
          )
        )
        continue
      }
      if let first = seen[name.text] {
        error(
          .networkOption,
          "'\(name.text)' is given twice",
          at: name.span,
          notes: [Diagnostic.Note("the first one is here", at: first)]
        )
        continue
      }
      seen[name.text] = name.span
      apply(option, to: &read)
    }
    return read
  }

  private func apply(_ option: NetworkSyntax.Option, to read: inout Options) {
    let name = option.name
    switch name.text {
    case "loss": read.loss = fault(option)
    case "duplication": read.duplication = fault(option)
    case "reordering", "explicit":
      if let value = option.value {
        error(.networkOption, "'\(name.text)' takes no value", at: value.span)
      }
      if name.text == "explicit" { read.isExplicit = true } else { read.reordering = true }
    case "capacity":
      read.capacity = count(option, atLeast: 1, what: "the capacity of a network")
    case "delay": read.delay = delay(option)
    default:
      guard let value = option.value else {
        error(
          .networkOption,
          "'lifetime' needs a duration",
          at: name.span,
          help: "such as 'lifetime msl'"
        )
        return
      }
      read.lifetime = duration(value, "lifetime")?.expression
    }
  }

  private func delay(_ option: NetworkSyntax.Option) -> Network.Delay? {
    guard case .range(let low, let high) = option.value?.kind else {
      let value = option.value
      error(
        .networkOption,
        "'delay' needs the shortest and the longest one",
        at: value?.span ?? option.name.span,
        help: "such as 'delay 0 s...200 ms'"
      )
      return nil
    }
    let shortest = duration(low, "delay")
    let longest = duration(high, "delay")
    guard let shortest, let longest else { return nil }
    guard shortest.value <= longest.value else {
      error(
        .emptyDomain,
        "the shortest delay, \(describe(duration: shortest.value)), is longer than the longest, "
          + describe(duration: longest.value),
        at: low.span.union(high.span)
      )
      return nil
    }
    return Network.Delay(shortest: shortest.expression, longest: longest.expression)
  }

  /// A duration that is known before the protocol runs, with its value for the parameters in force.
  private func duration(
    _ syntax: ExpressionSyntax,
    _ what: String
  ) -> (expression: Expression, value: Rational)? {
    let checker = ExpressionChecker(self, context: .global)
    let use = ValueUse("the \(what) of a network", .none)
    guard let expression = checker.checkValue(syntax, as: .duration, use) else { return nil }
    switch evaluate(expression) {
    case .success(.duration(let time)) where time < .zero:
      error(
        .negativeDuration,
        "a \(what) of \(describe(duration: time))",
        at: syntax.span,
        label: "negative"
      )
      return nil
    case .success(.duration(let time)): return (expression, time)
    case .success: return nil
    case .failure(let failure):
      report(failure, in: syntax, what: use.what)
      return nil
    }
  }

  private func fault(_ option: NetworkSyntax.Option) -> Network.Fault {
    guard option.value != nil else { return .unlimited }
    let budget = count(option, atLeast: 0, what: "the budget of '\(option.name.text)'")
    return budget.map { .budget($0) } ?? .unlimited
  }

  private func count(
    _ option: NetworkSyntax.Option,
    atLeast low: Int,
    what: String
  ) -> Int? {
    guard let value = option.value else {
      error(
        .networkOption,
        "'\(option.name.text)' needs a number",
        at: option.name.span,
        help: "such as '\(option.name.text) 2'"
      )
      return nil
    }
    guard let number = constantInteger(value, what)?.value else { return nil }
    guard (low...Self.networkCountLimit).contains(number) else {
      error(
        .networkOption,
        "\(what) cannot be \(number)",
        at: value.span,
        label: "must be in \(low)...\(Self.networkCountLimit)"
      )
      return nil
    }
    return number
  }

  private func checkCapacity(_ network: Network, _ options: [NetworkSyntax.Option]) {
    guard network.discipline == .set, network.capacity != nil,
      let option = options.first(where: { $0.name.text == "capacity" })
    else { return }
    error(
      .networkOption,
      "'capacity' has no meaning here",
      at: option.name.span,
      notes: [
        Diagnostic.Note(
          "with unlimited duplication a network is a set of values: each is there or not"
        )
      ],
      help: "add 'explicit', or give duplication a budget, to count copies"
    )
  }

  private func checkDelay(_ network: Network, _ options: [NetworkSyntax.Option]) {
    guard network.delay != nil,
      let option = options.first(where: { $0.name.text == "delay" })
    else { return }
    if network.discipline == .set {
      error(
        .networkOption,
        "'delay' has no meaning here",
        at: option.name.span,
        notes: [
          Diagnostic.Note(
            "with unlimited duplication a copy of a message may arrive at any later time"
          )
        ],
        help: "add 'explicit', or give duplication a budget: each copy has a delay of its own then"
      )
    }
    if let lifetime = options.first(where: { $0.name.text == "lifetime" }) {
      error(
        .networkOption,
        "'delay' and 'lifetime' both say how long a message is on its way",
        at: lifetime.name.span,
        notes: [Diagnostic.Note("the delay is here", at: option.name.span)],
        help: "a message that is not lost arrives within its delay: leave out the lifetime"
      )
    }
  }
}
