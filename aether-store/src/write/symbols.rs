//! Writing the content of a file: symbols, outline, facts, names and imports.

use aether_core::code::FileContent;
use aether_core::code::facts::SymbolFact;
use rusqlite::params;

use super::Writer;
use super::plan::{Plan, module_pair, name_rows};
use crate::codec::{longs_to_bytes, name_hash, words_to_bytes};
use crate::error::Outcome;
use crate::kind;
use crate::lookup::{self, Space};
use crate::rows::{Place, write_texts};

const INSERT: &str = "INSERT INTO symbols (symbol, id, file, parent, kind, visibility, ordinal, place, name, \
     scope, signature, doc, attributes, position) \
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)";
const UPDATE: &str = "UPDATE symbols SET file = ?3, parent = ?4, kind = ?5, visibility = ?6, ordinal = ?7, \
     place = ?8, name = ?9, scope = ?10, signature = ?11, doc = ?12, attributes = ?13, position = ?14 \
     WHERE symbol = ?1 AND id = ?2";

impl Writer<'_> {
    pub(super) fn write_content(&mut self, plan: &Plan<'_>, content: &FileContent) -> Outcome<()> {
        let facts = &content.facts;
        // Qualified name of each symbol inside the file; of the file, which stands around none, its name.
        let mut paths: Vec<String> = Vec::with_capacity(facts.symbols.len());
        for fact in &facts.symbols {
            let name = facts.name(fact.name);
            paths.push(match fact.parent {
                Some(parent) => [&paths[parent.0 as usize], name].join("::"),
                None => name.to_owned(),
            });
        }
        let scopes: Vec<&str> = facts
            .symbols
            .iter()
            .map(|fact| fact.parent.map_or("", |parent| paths[parent.0 as usize].as_str()))
            .collect();
        self.write_symbols(plan, content, &scopes)?;
        let searched = self.take_terms(plan, content, &scopes);

        let mut imports: Vec<u32> = facts
            .imports
            .iter()
            .flat_map(|import| &import.segments)
            .map(|&segment| name_hash(facts.name(segment)))
            .collect();
        imports.sort_unstable();
        imports.dedup();

        let mut outline = Vec::with_capacity(plan.outline.entries.len() * 4);
        plan.outline.write(&mut outline);
        self.connection
            .prepare_cached(
                "INSERT OR REPLACE INTO outlines (file, symbols, imports, searched) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![plan.file, outline, words_to_bytes(&imports), longs_to_bytes(&searched)])?;

        let data = postcard::to_extend(facts, Vec::with_capacity(facts.exprs.len() * 10 + 1024))?;
        self.connection
            .prepare_cached("INSERT OR REPLACE INTO facts (file, data) VALUES (?1, ?2)")?
            .execute(params![plan.file, data])?;

        let named = plan.outline.entries.iter().zip(&facts.symbols);
        let mut rows = name_rows(plan.file, named.map(|(entry, fact)| (entry.key, facts.name(fact.name))));
        if let (Some(entry), Some(fact)) = (plan.outline.entries.first(), facts.symbols.first()) {
            rows.extend(module_pair(entry.key, &plan.delta.file.module_path, facts.name(fact.name)));
        }
        rows.extend(imports.iter().map(|&hash| lookup::pair(Space::Import, i64::from(hash), plan.file)));
        self.replace_lookups(plan.old_names.clone(), rows);
        Ok(())
    }

    fn write_symbols(&self, plan: &Plan<'_>, content: &FileContent, scopes: &[&str]) -> Outcome<()> {
        let facts = &content.facts;
        let mut insert = self.connection.prepare_cached(INSERT)?;
        let mut update = self.connection.prepare_cached(UPDATE)?;
        let (mut place, mut attributes) = (Vec::new(), Vec::new());
        for (position, fact) in facts.symbols.iter().enumerate() {
            let entry = &plan.outline.entries[position];
            let parent = fact.parent.map(|parent| plan.outline.entries[parent.0 as usize].key);
            place.clear();
            place_of(fact).write(&mut place);
            attributes.clear();
            write_texts(&fact.attributes, &mut attributes);
            let statement = if plan.is_kept[position] { &mut update } else { &mut insert };
            statement.execute(params![
                entry.key,
                content.ids[position].as_bytes().as_slice(),
                plan.file,
                parent,
                Kind(&fact.kind),
                kind::visibility_number(&fact.visibility),
                fact.ordinal,
                place,
                facts.name(fact.name),
                (position > 0).then_some(scopes[position]),
                fact.signature,
                fact.doc,
                attributes,
                position as i64,
            ])?;
        }
        Ok(())
    }
}

fn place_of(fact: &SymbolFact) -> Place {
    Place { span: fact.span, lines: fact.lines, name_span: fact.name_span, name_line: fact.name_line }
}

/// A kind as its number, or as its text when it has none.
struct Kind<'a>(&'a aether_core::code::SymbolKind);

impl rusqlite::ToSql for Kind<'_> {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        match kind::number_of(self.0) {
            Some(number) => Ok(i64::from(number).into()),
            None => self.0.as_str().to_sql(),
        }
    }
}
