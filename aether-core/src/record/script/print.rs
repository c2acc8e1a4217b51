//! The canonical text of a script: one statement a line, four spaces for each level.

use std::fmt::{self, Write as _};

use super::ast::{is_name, role_name};
use super::{Claim, Script, Statement};
use crate::record::trace::{Budget, ProbeTool};

impl fmt::Display for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("tracescript 1;\nbudget ")?;
        if *self.budget() == Budget::ZERO {
            f.write_str("nothing")?;
        } else {
            amounts(f, self.budget())?;
        }
        f.write_str(";\n")?;
        block(f, self.statements(), 0)
    }
}

fn block(f: &mut fmt::Formatter<'_>, statements: &[Statement], depth: usize) -> fmt::Result {
    for statement in statements {
        indent(f, depth)?;
        if let Statement::If { name, outcome, then, otherwise } = statement {
            writeln!(f, "if {name} {} {{", outcome.name())?;
            block(f, then, depth + 1)?;
            if !otherwise.is_empty() {
                indent(f, depth)?;
                f.write_str("} else {\n")?;
                block(f, otherwise, depth + 1)?;
            }
            indent(f, depth)?;
            f.write_str("}\n")?;
        } else {
            simple(f, statement)?;
            f.write_str(";\n")?;
        }
    }
    Ok(())
}

fn simple(f: &mut fmt::Formatter<'_>, statement: &Statement) -> fmt::Result {
    match statement {
        // A block, which its caller writes.
        Statement::If { .. } => Ok(()),
        Statement::Plan { text } => write!(f, "plan {}", Quoted(text)),
        Statement::Probe { name, tool, target, costs } => {
            write!(f, "probe {name} = {} {}", Tool(tool), Quoted(target))?;
            costs_of(f, costs)
        }
        Statement::Expect { name, outcome } => write!(f, "expect {name} {}", outcome.name()),
        Statement::Answer { claim } => {
            f.write_str("decide answer")?;
            claim_of(f, claim)
        }
        Statement::Decide { candidate, claim } => {
            write!(f, "decide patch {candidate}")?;
            claim_of(f, claim)
        }
        Statement::Verify { role, candidate, command, costs } => {
            write!(f, "verify {} {candidate} {}", role_name(*role), Quoted(command))?;
            costs_of(f, costs)
        }
        Statement::Patch { candidate, lines } => write!(f, "patch {candidate} lines {lines}"),
        Statement::Finish => f.write_str("decide finish"),
        Statement::Abstain { reason, tool, target } => {
            write!(f, "abstain {} next {} {}", Quoted(reason), Tool(tool), Quoted(target))
        }
    }
}

fn indent(f: &mut fmt::Formatter<'_>, depth: usize) -> fmt::Result {
    (0..depth).try_for_each(|_| f.write_str("    "))
}

fn claim_of(f: &mut fmt::Formatter<'_>, claim: &Claim) -> fmt::Result {
    write!(f, " {} confidence {}", Quoted(&claim.text), claim.confidence.thousandths())?;
    for (index, anchor) in claim.anchors.iter().enumerate() {
        f.write_str(if index == 0 { " anchors " } else { ", " })?;
        write!(f, "{}", Quoted(anchor))?;
    }
    Ok(())
}

fn costs_of(f: &mut fmt::Formatter<'_>, costs: &Budget) -> fmt::Result {
    if *costs == Budget::ZERO {
        return Ok(());
    }
    f.write_str(" costs ")?;
    amounts(f, costs)
}

fn amounts(f: &mut fmt::Formatter<'_>, budget: &Budget) -> fmt::Result {
    let some = budget.amounts().into_iter().filter(|(_, amount)| amount.get() > 0);
    for (index, (name, amount)) in some.enumerate() {
        f.write_str(if index == 0 { "" } else { ", " })?;
        write!(f, "{name} {amount}")?;
    }
    Ok(())
}

struct Tool<'a>(&'a ProbeTool);

impl fmt::Display for Tool<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.0.as_str();
        if is_name(name) { f.write_str(name) } else { write!(f, "{}", Quoted(name)) }
    }
}

struct Quoted<'a>(&'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        for character in self.0.chars() {
            match character {
                '"' => f.write_str("\\\"")?,
                '\\' => f.write_str("\\\\")?,
                '\n' => f.write_str("\\n")?,
                '\t' => f.write_str("\\t")?,
                control if control.is_control() => write!(f, "\\u{{{:x}}}", u32::from(control))?,
                other => f.write_char(other)?,
            }
        }
        f.write_char('"')
    }
}
