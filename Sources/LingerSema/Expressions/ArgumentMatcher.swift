import LingerDiagnostics
import LingerSyntax

/// The names that arguments are matched with.
struct ArgumentMatcher {
  var names: [Identifier]
  /// Whether the argument may be left out.
  var isOptional: [Bool]
  /// What is called, quoted, for messages.
  var owner: String
  /// Records need labels; functions and signals take them or leave them.
  var needsLabels: Bool
}

extension ExpressionChecker {
  /// The argument for each name, nil where it is left out; nil altogether after an error.
  func match(
    _ arguments: [ArgumentSyntax],
    _ matcher: ArgumentMatcher,
    at span: Span
  ) -> [Int?]? {
    guard arguments.count <= matcher.names.count else {
      let extra = arguments[matcher.names.count]
      // A label nobody knows says more than the count.
      if arguments.contains(where: { isUnknownLabel($0, matcher) }) {
        reportUnknownLabels(arguments, matcher)
        return nil
      }
      error(
        .extraArgument,
        "\(matcher.owner) takes \(count(matcher.names.count)), here are \(arguments.count)",
        at: extra.label?.span.union(extra.value.span) ?? extra.value.span,
        label: "too many"
      )
      return nil
    }
    if arguments.allSatisfy({ $0.label == nil }), !arguments.isEmpty {
      guard matcher.needsLabels else {
        return positional(arguments.count, matcher, at: span)
      }
      reportMissingLabels(arguments, matcher, at: span)
      return nil
    }
    return labelled(arguments, matcher, at: span)
  }

  private func count(_ number: Int) -> String {
    number == 1 ? "1 argument" : "\(number) arguments"
  }

  private func positional(
    _ given: Int,
    _ matcher: ArgumentMatcher,
    at span: Span
  ) -> [Int?]? {
    let order = matcher.names.indices.map { $0 < given ? $0 : nil }
    return reportMissing(order, matcher, at: span) ? nil : order
  }

  private func labelled(
    _ arguments: [ArgumentSyntax],
    _ matcher: ArgumentMatcher,
    at span: Span
  ) -> [Int?]? {
    guard !reportUnknownLabels(arguments, matcher) else { return nil }
    var order = [Int?](repeating: nil, count: matcher.names.count)
    var isInOrder = true
    var last = -1
    for (position, argument) in arguments.enumerated() {
      guard let label = argument.label,
        let index = matcher.names.firstIndex(where: { $0.text == label.text })
      else {
        error(
          .labelMissing,
          "an argument of \(matcher.owner) has no label",
          at: argument.value.span,
          help: "give all labels or none"
        )
        return nil
      }
      guard order[index] == nil else {
        error(
          .extraArgument,
          "'\(label.text)' is given twice",
          at: label.span,
          label: "again"
        )
        return nil
      }
      order[index] = position
      isInOrder = isInOrder && index > last
      last = index
    }
    if reportMissing(order, matcher, at: span) { return nil }
    guard isInOrder else {
      reportOrder(arguments, order.compactMap(\.self), matcher)
      return nil
    }
    return order
  }

  private func isUnknownLabel(_ argument: ArgumentSyntax, _ matcher: ArgumentMatcher) -> Bool {
    guard let label = argument.label else { return false }
    return !matcher.names.contains { $0.text == label.text }
  }

  /// Reports labels that name nothing; true where there are some.
  @discardableResult
  private func reportUnknownLabels(
    _ arguments: [ArgumentSyntax],
    _ matcher: ArgumentMatcher
  ) -> Bool {
    var found = false
    let given = arguments.compactMap(\.label?.text)
    for argument in arguments where isUnknownLabel(argument, matcher) {
      guard let label = argument.label else { continue }
      found = true
      let free = matcher.names.map(\.text).filter { !given.contains($0) }
      let known = matcher.names.map { "'\($0.text)'" }.joined(separator: ", ")
      error(
        .unknownLabel,
        "\(matcher.owner) has no '\(label.text)'",
        at: label.span,
        help: matcher.names.isEmpty ? "it takes no arguments" : "it has \(known)",
        fixIts: program.suggest(label, among: free)
      )
    }
    return found
  }

  private func reportMissing(
    _ order: [Int?],
    _ matcher: ArgumentMatcher,
    at span: Span
  ) -> Bool {
    let missing = matcher.names.indices.filter { order[$0] == nil && !matcher.isOptional[$0] }
    guard !missing.isEmpty else { return false }
    let names = missing.map { "'\(matcher.names[$0].text)'" }.joined(separator: ", ")
    error(
      .missingArgument,
      "\(matcher.owner) needs \(names)",
      at: span,
      label: missing.count == 1 ? "one is missing" : "\(missing.count) are missing",
      notes: missing.map {
        Diagnostic.Note(
          "'\(matcher.names[$0].text)' is declared here",
          at: matcher.names[$0].span
        )
      }
    )
    return true
  }

  private func reportMissingLabels(
    _ arguments: [ArgumentSyntax],
    _ matcher: ArgumentMatcher,
    at span: Span
  ) {
    let edits = zip(arguments, matcher.names).map { argument, name in
      let start = Span(
        file: argument.value.span.file,
        start: argument.value.span.start,
        end: argument.value.span.start
      )
      return Diagnostic.FixIt.Edit(start, "\(name.text): ")
    }
    error(
      .labelMissing,
      "the arguments of \(matcher.owner) need labels",
      at: arguments[0].value.span,
      fixIts: [Diagnostic.FixIt("write the labels", edits)]
    )
  }

  private func reportOrder(
    _ arguments: [ArgumentSyntax],
    _ order: [Int],
    _ matcher: ArgumentMatcher
  ) {
    let spans = arguments.map { $0.label?.span.union($0.value.span) ?? $0.value.span }
    let texts = spans.map { program.sources.text($0) }
    let edits = zip(spans, order).map { Diagnostic.FixIt.Edit($0, texts[$1]) }
    let names = matcher.names.map { "'\($0.text)'" }.joined(separator: ", ")
    error(
      .labelOrder,
      "the arguments of \(matcher.owner) are out of order",
      at: spans[0].union(spans[spans.count - 1]),
      notes: [Diagnostic.Note("the order is \(names)")],
      fixIts: [Diagnostic.FixIt("put them in order", edits)]
    )
  }
}
