extension RecheckedFile {
  /// A line for each obligation and one for them all; nil for a file that cannot be read.
  func text(_ style: TextStyle) -> String? {
    guard case .checked(let obligations, let comparisons) = result else { return nil }
    let glyphs = style.glyphs
    var output = "\(path)\n"
    let widest = obligations.map(\.name.count).max() ?? 0
    for obligation in obligations {
      let mark =
        switch obligation.answer {
        case .unsat: glyphs.holds
        case .sat: glyphs.violated
        case .unknown: glyphs.unknown
        }
      output += "\(mark) \(obligation.name.padding(to: widest))  \(obligation.words)"
      if obligation.answer != .unsat { output += "  (line \(obligation.line))" }
      output += "\n"
    }
    for comparison in comparisons {
      let mark =
        switch comparison.answer {
        case .same: glyphs.holds
        case .different: glyphs.violated
        case .unknown, .unanswerable: glyphs.unknown
        }
      output += "\(mark) \(comparison.property)  \(comparison.words)\n"
    }
    return output + "\n\(Self.closing(path, obligations, comparisons))\n"
  }

  /// What became of them all.
  static func closing(
    _ path: String,
    _ obligations: [Obligation],
    _ comparisons: [Comparison]
  ) -> String {
    let all = count(obligations.count, "obligation")
    let refuted = obligations.count { $0.answer == .sat }
    let unknown = obligations.count { $0.answer == .unknown }
    if refuted > 0 { return "\(path): no proof: \(refuted) of \(all) can be satisfied" }
    if comparisons.contains(where: { $0.answer == .different }) {
      return "\(path): no proof of this spec: it gives other obligations"
    }
    if unknown > 0 { return "\(path): unknown: \(unknown) of \(all) could not be decided" }
    if let open = comparisons.first(where: { $0.answer != .same }) {
      return "\(path): unknown: \(open.words)"
    }
    return "\(path): proved: \(all), all unsat"
  }
}
