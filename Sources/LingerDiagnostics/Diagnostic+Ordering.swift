extension [Diagnostic] {
  /// By file, then by place; those without a place first. Stable for equal places.
  package func sortedByPosition() -> [Diagnostic] {
    enumerated().sorted { left, right in
      let (a, b) = (left.element.span, right.element.span)
      return (a.file, a.start, a.end, left.offset) < (b.file, b.start, b.end, right.offset)
    }.map(\.element)
  }
}
