/// A time or an age in seconds, `119.9 s`; a fraction where decimals do not end, `1/3 s`.
///
/// Unlike `describe(duration:)` it keeps to one unit, so that the times of a run can be compared
/// at a glance.
package func seconds(_ time: Rational) -> String { "\(time.decimal ?? time.description) s" }
