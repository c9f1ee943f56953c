import Linger
import LingerConform
import LingerReport

/// What a subject says of its variables. From step to step few values change, and most states come
/// again.
struct ReportedState {
  /// The variables that were ever reported, in order, and the values of each.
  private var names: [String] = []
  private var variables: [Values] = []
  /// States that were reported: for each variable which of its values, -1 for none.
  private var rows = WordTable()
  private var states: [[ReportedVariable]] = []
  private var row: [Int] = []
  /// The latest, where it has all variables.
  private var latest: [ReportedVariable]?

  /// With more states, or values of a variable, all are forgotten.
  private static let most = 10_000

  /// In the order of their names.
  mutating func read(
    _ values: [String: ConformanceValue],
    _ conformance: Conformance
  ) throws(TraceFileError) -> [ReportedVariable] {
    if values.isEmpty { return [] }
    let isWhole = values.count == names.count
    for (name, value) in values {
      guard let place = names.firstIndex(of: name) else {
        return try readAnew(values, conformance)
      }
      if variables[place].isLatest(value) { continue }
      latest = nil
      guard variables[place].take(value) else { return try readAnew(values, conformance) }
    }
    if isWhole, let latest { return latest }
    row.removeAll(keepingCapacity: true)
    for place in names.indices {
      let isTold = isWhole || values[names[place]] != nil
      row.append(isTold ? variables[place].latest : -1)
    }
    let number = rows.number(of: row)
    if number == states.count {
      states.append(names.indices.compactMap { variables[$0].variable(row[$0]) })
    }
    latest = isWhole ? states[number] : nil
    return states[number]
  }

  /// The same, remembered.
  private mutating func readAnew(
    _ values: [String: ConformanceValue],
    _ conformance: Conformance
  ) throws(TraceFileError) -> [ReportedVariable] {
    if states.count >= Self.most || variables.contains(where: { $0.count >= Self.most }) {
      self = ReportedState()
    }
    let result = try conformance.state(values.mapValues(\.json))
    for (name, variable) in zip(values.keys.sorted(), result) {
      guard let value = values[name] else { continue }
      let place = names.firstIndex { $0 >= name } ?? names.count
      if place == names.count || names[place] != name {
        names.insert(name, at: place)
        variables.insert(Values(), at: place)
        (rows, states) = (WordTable(), [])
      }
      if !variables[place].take(value) { variables[place].add(value, variable) }
    }
    latest = nil
    return result
  }

  /// The values of one variable, as far as it was reported.
  private struct Values {
    private var values: [ConformanceValue] = []
    private var variables: [ReportedVariable] = []
    /// The numbers of those behind the first few, which are found sooner one after the other.
    private var numbers: [ConformanceValue: Int] = [:]
    /// The number of the latest one.
    private(set) var latest = -1

    private static let few = 16

    var count: Int { values.count }

    func variable(_ number: Int) -> ReportedVariable? { number < 0 ? nil : variables[number] }

    func isLatest(_ value: ConformanceValue) -> Bool { latest >= 0 && values[latest] == value }

    /// Takes another value as the latest; false where it was not reported before.
    mutating func take(_ value: ConformanceValue) -> Bool {
      for number in 0..<min(values.count, Self.few) where values[number] == value {
        latest = number
        return true
      }
      guard let number = values.count > Self.few ? numbers[value] : nil else { return false }
      latest = number
      return true
    }

    mutating func add(_ value: ConformanceValue, _ variable: ReportedVariable) {
      latest = values.count
      values.append(value)
      variables.append(variable)
      if latest >= Self.few { numbers[value] = latest }
    }
  }
}
