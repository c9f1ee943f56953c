import LingerConform

/// What was worked out before, by three numbers.
struct NumberMemo<Value> {
  private var keys = TripleTable()
  private var values: [Value?] = []

  var count: Int { values.count }

  /// Where the value of three numbers stands, or is to be put.
  mutating func place(of one: Int, _ two: Int, _ three: Int = 0) -> Int {
    let place = keys.number(of: one, two, three)
    if place == values.count { values.append(nil) }
    return place
  }

  /// Nil for what was not worked out yet.
  subscript(place: Int) -> Value? {
    get { values[place] }
    set { values[place] = newValue }
  }
}
