/// How the interpreter reckons with what stands in registers.
protocol RegisterArithmetic {
  /// Nil where the result does not fit.
  func sum(_ left: Int, _ right: Int) -> Int?
  func difference(_ left: Int, _ right: Int) -> Int?
  func product(_ left: Int, _ right: Int) -> Int?
  func isEqual(_ left: Int, _ right: Int) -> Bool
  func isLess(_ left: Int, _ right: Int) -> Bool
  func isAtMost(_ left: Int, _ right: Int) -> Bool
  /// A register as a number to count or to divide with.
  func number(_ value: Int) -> Int
  /// A set of bits, as it is to be kept.
  func bits(_ value: Int) -> Int
}

/// Integers.
struct PlainArithmetic: RegisterArithmetic {
  @inline(__always)
  func sum(_ left: Int, _ right: Int) -> Int? {
    let (result, overflow) = left.addingReportingOverflow(right)
    return overflow ? nil : result
  }

  @inline(__always)
  func difference(_ left: Int, _ right: Int) -> Int? {
    let (result, overflow) = left.subtractingReportingOverflow(right)
    return overflow ? nil : result
  }

  @inline(__always)
  func product(_ left: Int, _ right: Int) -> Int? {
    let (result, overflow) = left.multipliedReportingOverflow(by: right)
    return overflow ? nil : result
  }

  @inline(__always)
  func isEqual(_ left: Int, _ right: Int) -> Bool { left == right }
  @inline(__always)
  func isLess(_ left: Int, _ right: Int) -> Bool { left < right }
  @inline(__always)
  func isAtMost(_ left: Int, _ right: Int) -> Bool { left <= right }
  @inline(__always)
  func number(_ value: Int) -> Int { value }
  @inline(__always)
  func bits(_ value: Int) -> Int { value }
}

/// Integers and symbols of a trace. Sums of symbols always fit.
struct TracedArithmetic: RegisterArithmetic {
  let trace: PathTrace

  private func arePlain(_ left: Int, _ right: Int) -> Bool {
    !PathTrace.isSymbol(left) && !PathTrace.isSymbol(right)
  }

  /// An integer that is too near to symbols ends the trace.
  private func kept(_ result: Int?) -> Int? { result.map { trace.plain($0) } }

  func sum(_ left: Int, _ right: Int) -> Int? {
    if arePlain(left, right) { return kept(PlainArithmetic().sum(left, right)) }
    return trace.sum(left, right, times: 1)
  }

  func difference(_ left: Int, _ right: Int) -> Int? {
    if arePlain(left, right) { return kept(PlainArithmetic().difference(left, right)) }
    return trace.sum(left, right, times: -1)
  }

  func product(_ left: Int, _ right: Int) -> Int? {
    if arePlain(left, right) { return kept(PlainArithmetic().product(left, right)) }
    return trace.product(left, right)
  }

  func isEqual(_ left: Int, _ right: Int) -> Bool {
    arePlain(left, right) ? left == right : trace.isEqual(left, right)
  }

  func isLess(_ left: Int, _ right: Int) -> Bool {
    arePlain(left, right) ? left < right : trace.isLess(left, right)
  }

  func isAtMost(_ left: Int, _ right: Int) -> Bool {
    arePlain(left, right) ? left <= right : trace.isAtMost(left, right)
  }

  func number(_ value: Int) -> Int { trace.plainNumber(value) }

  func bits(_ value: Int) -> Int { trace.plain(value) }
}
