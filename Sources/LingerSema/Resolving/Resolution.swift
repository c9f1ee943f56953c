import LingerDiagnostics
import LingerModel

/// Phase 4: what names stand for, worked out when something asks.
///
/// Reads the ``Declarations`` and the ``ChosenValues``. Gives the types and values of parameters,
/// types, helpers, members of roles, and the numbers of instances; `Program` has the functions that
/// ask. Only these write here, each its own thing and once.
final class Resolution {
  let parameterTypes: OnDemand<ResolvedType>
  let parameterValues: OnDemand<Value>
  let aliases: OnDemand<ResolvedType>
  let records: OnDemand<RecordFields>
  /// The values of fields that may be left out; a missing one is nil.
  let recordDefaults: OnDemand<[Value?]>
  let helpers: OnDemand<HelperTemplate>
  /// By role.
  let variables: [OnDemand<ResolvedType>]
  /// By role, and nil inside for timers whose index is wrong.
  let timers: OnDemand<[TimerFamily?]>
  /// By role, the types of each signal's parameters.
  let signals: OnDemand<[[ResolvedType?]]>
  let instances: InstanceNumbers

  /// What is being resolved, outermost first: what a cycle is shown with.
  private(set) var chain: [(name: String, span: Span)] = []
  /// Expressions inside each other that are being checked, definitions included.
  private var depth = 0
  private var isTooDeep = false
  /// Both bound the stack: resolving on demand goes as deep as definitions need each other.
  static let chainLimit = 100
  static let depthLimit = 800
  /// Operations that calls of helpers have expanded to so far.
  private var expansion = 0
  /// Operations that all calls of helpers together may expand to.
  static let expansionLimit = 2_000_000

  init(_ declared: Declarations) {
    parameterTypes = OnDemand(count: declared.parameters.count)
    parameterValues = OnDemand(count: declared.parameters.count)
    aliases = OnDemand(count: declared.aliases.count)
    records = OnDemand(count: declared.records.count)
    recordDefaults = OnDemand(count: declared.records.count)
    helpers = OnDemand(count: declared.helpers.count)
    variables = declared.roles.map { OnDemand(count: $0.variables.count) }
    timers = OnDemand(count: declared.roles.count)
    signals = OnDemand(count: declared.roles.count)
    instances = InstanceNumbers(groups: declared.instanceGroups.count)
  }

  /// Goes into an expression; false where that is too deep. ``leave()`` ends it.
  func enter() -> Bool {
    guard depth < Self.depthLimit else { return false }
    depth += 1
    return true
  }

  func leave() { depth -= 1 }

  /// Begins to resolve a name; false where too many are being resolved. ``end()`` ends it.
  func begin(_ name: String, _ span: Span) -> Bool {
    guard chain.count < Self.chainLimit else { return false }
    chain.append((name, span))
    return true
  }

  func end() { chain.removeLast() }

  /// Whether it is the first time that definitions need each other through too many steps.
  func noteTooDeep() -> Bool {
    defer { isTooDeep = true }
    return !isTooDeep
  }

  /// Counts what a call expands to: whether that is within the limit, and was so before.
  func expand(by size: Int) -> (isWithin: Bool, wasWithin: Bool) {
    let wasWithin = expansion <= Self.expansionLimit
    expansion += size
    return (expansion <= Self.expansionLimit, wasWithin)
  }
}

/// A type with the knowledge whether parameters shaped it: if so, what is certain about its
/// values is certain for this choice of parameters only, and no warning says so.
struct ResolvedType {
  var type: ModelType
  var isParametric: Bool
}

/// The fields of a record.
struct RecordFields {
  var types: [ResolvedType?]
  /// Plain values that one value consists of.
  var places: Int
}

/// The instances of each declaration, numbered in its order.
final class InstanceNumbers {
  struct Group {
    var role: Int?
    /// The instances of each of its names.
    var numbers: [String: Range<Int>] = [:]
    /// Families whose size depends on parameters.
    var parametricNames: Set<String> = []
  }

  /// Complete when ``progress`` is done; until then a count may ask for what comes before it.
  private(set) var groups: [Group]
  let progress = OnDemand<Void>(count: 1)

  init(groups count: Int) {
    groups = Array(repeating: Group(), count: count)
  }

  func enter(role: Int?, of group: Int) { groups[group].role = role }

  func enter(_ name: String, _ numbers: Range<Int>, in group: Int) {
    groups[group].numbers[name] = numbers
  }

  func markParametric(_ name: String, in group: Int) {
    groups[group].parametricNames.insert(name)
  }
}
