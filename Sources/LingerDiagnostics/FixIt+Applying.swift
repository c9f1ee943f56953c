extension Diagnostic.FixIt {
  /// The text of one file after the fix-its. Of two that touch the same bytes the first wins and
  /// the other is left out whole, so that no half repair is applied.
  package static func apply(
    _ fixIts: [Diagnostic.FixIt],
    to bytes: [UInt8],
    file: Int
  ) -> [UInt8] {
    var accepted: [Edit] = []
    for fixIt in fixIts {
      let edits = fixIt.edits.filter { $0.span.file == file }
      let isFree = edits.allSatisfy { edit in
        edit.span.start >= 0 && edit.span.start <= edit.span.end && edit.span.end <= bytes.count
          && !accepted.contains { $0.collides(with: edit) }
      }
      if isFree { accepted += edits }
    }
    // An insertion comes before what replaces the bytes behind it.
    let ordered = accepted.enumerated().sorted { left, right in
      let (a, b) = (left.element.span, right.element.span)
      return (a.start, a.end, left.offset) < (b.start, b.end, right.offset)
    }
    var result: [UInt8] = []
    var position = 0
    for (_, edit) in ordered {
      result += bytes[position..<edit.span.start]
      result += Array(edit.replacement.utf8)
      position = edit.span.end
    }
    return result + bytes[position...]
  }
}

extension Diagnostic.FixIt.Edit {
  /// Whether the two replace common bytes, or insert at the same place.
  fileprivate func collides(with other: Self) -> Bool {
    guard span.start != other.span.start || span.end != other.span.end else { return true }
    return span.start < other.span.end && other.span.start < span.end
  }
}
