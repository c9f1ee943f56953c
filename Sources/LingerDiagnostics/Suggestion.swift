/// The name that was probably meant, for "did you mean".
package enum Suggestion {
  /// The candidate nearest to a misspelt name, or nil where none is close enough to be a slip of
  /// the pen; of equally near ones the first in the given order, so that the answer is stable.
  ///
  /// Near means: differing in letter case only, or one edit per three characters
  /// (Damerau-Levenshtein: insert, delete, replace, swap two neighbours).
  package static func nearest(to name: String, among candidates: [String]) -> String? {
    let wanted = Array(name.utf8)
    guard !wanted.isEmpty, wanted.count <= longestName else { return nil }
    let folded = wanted.map(lowercased)
    var best: (candidate: String, distance: Int)?
    for candidate in candidates where candidate != name {
      let letters = Array(candidate.utf8)
      guard letters.count <= longestName else { continue }
      if letters.map(lowercased) == folded { return candidate }
      let allowed = max(wanted.count, letters.count) / 3
      guard abs(letters.count - wanted.count) <= allowed else { continue }
      let distance = editDistance(wanted, letters)
      if distance <= allowed, distance < best?.distance ?? Int.max {
        best = (candidate, distance)
      }
    }
    return best?.candidate
  }

  /// Longer names are not compared: the cost grows with the square.
  private static let longestName = 100

  private static func lowercased(_ byte: UInt8) -> UInt8 {
    UInt8(ascii: "A") <= byte && byte <= UInt8(ascii: "Z") ? byte + 32 : byte
  }

  /// The least number of edits that turn one text into the other, a swap of neighbours being one.
  static func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var beforePrevious: [Int] = []
    var previous = Array(0...right.count)
    for i in 0..<left.count {
      var current = [i + 1]
      for j in 0..<right.count {
        var cost = min(
          previous[j + 1] + 1,
          current[j] + 1,
          previous[j] + (left[i] == right[j] ? 0 : 1)
        )
        if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
          cost = min(cost, beforePrevious[j - 1] + 1)
        }
        current.append(cost)
      }
      beforePrevious = previous
      previous = current
    }
    return previous[right.count]
  }
}
