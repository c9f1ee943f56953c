import LingerEval
import LingerModel

/// What the note of a verdict says of parameter values other than those in force.
struct TimedClaim {
  /// What a proof asks of the parameters; nil where nothing is claimed of all values.
  private(set) var needed: [String]?
  /// Values for which the property is said to fail.
  private(set) var failing: [(name: String, value: Rational)]?

  init(note: String) throws {
    let example =
      note.firstRange(of: "it fails with ") ?? note.firstRange(of: "of the spec is reached with ")
    if let example {
      failing = try note[example.upperBound...].split(separator: ", ").map { part in
        let sides = part.split(separator: " = ")
        let condition = try TimedPrintedCondition([["x == \(sides[1])"]])
        return (String(sides[0]), try condition.constant())
      }
    } else if !note.contains("in force"), !note.contains("whatever the times are") {
      needed = note.split(separator: "; ").flatMap { part -> [String] in
        let words = ["needs ", "proved with "].first { part.hasPrefix($0) }
        guard let words else { return [] }
        return part.dropFirst(words.count).split(separator: " and ")
          .flatMap { $0.split(separator: ", ") }.map(String.init)
      }
    }
  }

  /// Points at which the claim says what the verdict is.
  func points(
    of sample: TimedSample,
    count: Int,
    _ numbers: inout RandomNumbers
  ) throws -> [TimedSample] {
    if let failing { return [sample.setting(failing)] }
    guard let needed else { return [] }
    let condition = try TimedPrintedCondition(needed.map { [$0] })
    let free = sample.durations.filter { number in
      let name = sample.model.parameters[number].name
      return !needed.contains { $0.hasPrefix("\(name) == ") }
    }
    var points: [TimedSample] = []
    for _ in 0..<count {
      let point = try sample.point(free: free, &numbers) { try condition.isTrue(at: $0.values) }
      if let point { points.append(point) }
    }
    return points
  }
}
