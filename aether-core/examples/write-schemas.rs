//! Writes the JSON Schema of every contract type into the folder that is its only argument, one file
//! each.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args_os().skip(1);
    let (Some(folder), None) = (arguments.next(), arguments.next()) else {
        return Err("usage: write-schemas FOLDER".into());
    };
    let folder = std::path::PathBuf::from(folder);
    std::fs::create_dir_all(&folder)?;
    for (name, schema) in aether_core::schema::all() {
        let text = serde_json::to_string_pretty(&schema)?;
        std::fs::write(folder.join(format!("{name}.json")), text + "\n")?;
    }
    Ok(())
}
