/// Reading of files in which every member means something: one that is unknown, missing or of
/// another type is an error, not a default.
extension JSONValue {
  /// Refuses what is not an object, and a member that is not among `names`.
  func requireOnly(_ names: [String], in what: String) throws(TraceFileError) {
    guard let object else { throw TraceFileError("\(what) is not an object") }
    guard let stranger = object.keys.sorted().first(where: { !names.contains($0) }) else { return }
    throw TraceFileError.unknown(stranger, "member of \(what)", among: names)
  }

  /// The text of a member that has to be there.
  func text(_ key: String) throws(TraceFileError) -> String {
    guard let text = self[key]?.string else { throw JSONValue.missing(key) }
    return text
  }

  /// The text of a member that may be left out.
  func textIfAny(_ key: String) throws(TraceFileError) -> String? {
    self[key] == nil ? nil : try text(key)
  }

  /// The elements of a member that has to be there.
  func list(_ key: String) throws(TraceFileError) -> [JSONValue] {
    guard let list = self[key]?.array else { throw JSONValue.missing(key) }
    return list
  }

  static func missing(_ key: String) -> TraceFileError {
    TraceFileError("a member \"\(key)\" is missing or of another type")
  }
}
