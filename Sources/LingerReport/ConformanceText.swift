import LingerModel

extension ConformedSpec {
  /// The text for people.
  func text(_ style: TextStyle) -> String {
    guard spec.context != nil else { return "" }
    return inputs.map { $0.text(style) }.joined(separator: "\n")
      + (interruption.map { "stopped: \($0)\n" } ?? "")
  }
}

extension ConformedSpec.Input {
  /// So many traces of an input are told one by one; of more only those that do not conform.
  private static let mostTold = 20

  fileprivate func text(_ style: TextStyle) -> String {
    let glyphs = style.glyphs
    var lines: [String] = [path]
    let told = traces.count <= Self.mostTold ? traces : traces.filter { $0.verdict != .conforms }
    for trace in told { lines += trace.lines(style) }
    for note in notes { lines.append("  \(note)") }
    if let failure { lines.append("\(glyphs.unknown) \(failure)") }
    let total = counts.values.reduce(0, +)
    let parts = TraceVerdict.allCases.compactMap { verdict -> String? in
      guard let count = counts[verdict], count > 0 else { return nil }
      return "\(count) \(verdict.words(count))"
    }
    lines.append(
      "\(count(total, "trace")), \(count(eventCount, "event")): "
        + (parts.isEmpty ? "nothing to judge" : parts.joined(separator: ", "))
        + "; at most \(count(highWater, "belief"))"
    )
    return lines.joined(separator: "\n") + "\n"
  }
}

extension TraceVerdict {
  fileprivate func words(_ count: Int) -> String {
    switch self {
    case .conforms: count == 1 ? "conforms" : "conform"
    case .violates: count == 1 ? "violates the spec" : "violate the spec"
    case .inconclusive: "inconclusive"
    case .unknown: "unknown"
    }
  }
}

extension ConformedTrace {
  fileprivate func lines(_ style: TextStyle) -> [String] {
    let glyphs = style.glyphs
    let mark =
      switch verdict {
      case .conforms: glyphs.holds
      case .violates: glyphs.violated
      case .inconclusive, .unknown: glyphs.unknown
      }
    var lines = ["\(mark) \(name), \(subject): \(verdict.rawValue)" + (reason.map { ": \($0)" } ?? "")]
    if let vantage { lines.append("    judged there: \(vantage)") }
    for history in histories.prefix(3) {
      lines.append("    " + history.joined(separator: " "))
    }
    if histories.count > 3 { lines.append("    or \(histories.count - 3) more") }
    if !profiles.isEmpty {
      let texts = profiles.map { profile in
        let place = profile.place.map { " at \($0)" } ?? ""
        return profile.verdict == .conforms
          ? profile.profile : "\(profile.profile) \(profile.verdict.rawValue)\(place)"
      }
      lines.append("    profiles: " + texts.joined(separator: ", "))
    }
    for note in notes { lines.append("    \(note)") }
    if let finding { lines += finding.lines(style).map { "    " + $0 } }
    return lines
  }
}

extension ConformanceFinding {
  fileprivate func lines(_ style: TextStyle) -> [String] {
    var lines = ["at \(place), \(seconds(time)): \(seen)", message + (isTime ? " (only the time is wrong)" : "")]
    for belief in beliefs {
      lines.append("believed before: \(belief.state)")
      for obstacle in belief.obstacles {
        lines.append("  \(obstacle.transition): \(obstacle.reason)")
        if let clause = obstacle.clause { lines.append("    \(clause)") }
      }
    }
    if moreBeliefs > 0 { lines.append("and \(moreBeliefs) more beliefs") }
    for explanation in explanations { lines.append("perhaps: \(explanation)") }
    return lines
  }
}
