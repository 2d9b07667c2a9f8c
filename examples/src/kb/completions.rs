use super::arguments::{Arguments, usage};
use super::commands::{self, ALL};
use super::failure::{Failure, Result};
use super::world::World;
use crate::Language;

/// Writes the completions of a shell, made of the table of commands.
pub fn run(arguments: &Arguments, world: &mut World<'_, '_>) -> Result<u8> {
    let script = match arguments.values.first().map(String::as_str) {
        Some("bash") => bash(),
        Some("zsh") => format!("autoload -U +X bashcompinit && bashcompinit\n{}", bash()),
        Some("fish") => fish(world.around.language),
        _ => return Err(Failure::Usage(usage(arguments.command, world.around.language))),
    };
    world.say(script.trim_end())?;
    Ok(super::DONE)
}

fn bash() -> String {
    let names: Vec<&str> = ALL.iter().map(|command| command.name).collect();
    let mut cases = String::new();
    for command in ALL {
        let options: Vec<String> = commands::options(command)
            .map(|option| format!("--{}", option.name))
            .collect();
        cases.push_str(&format!("    {}) words=\"{}\" ;;\n", command.name, options.join(" ")));
    }
    format!(
        "_kb() {{\n  local word=\"${{COMP_WORDS[COMP_CWORD]}}\" words\n  if [ \"$COMP_CWORD\" -eq 1 ]; then\n    COMPREPLY=($(compgen -W \"{}\" -- \"$word\"))\n    return\n  fi\n  case \"${{COMP_WORDS[1]}}\" in\n{cases}  esac\n  case \"$word\" in\n    -*) COMPREPLY=($(compgen -W \"$words\" -- \"$word\")) ;;\n    *) COMPREPLY=($(compgen -f -- \"$word\")) ;;\n  esac\n}}\ncomplete -F _kb kb\n",
        names.join(" ")
    )
}

fn fish(language: Language) -> String {
    let about = |texts: &[&str; 2]| language.pick(texts[0], texts[1]).replace('\'', "\\'");
    let mut script = String::from("complete -c kb -n __fish_use_subcommand -f\n");
    for command in ALL {
        script.push_str(&format!(
            "complete -c kb -n __fish_use_subcommand -a {} -d '{}'\n",
            command.name,
            about(&command.about)
        ));
        for option in commands::options(command) {
            let value = if option.value.is_some() { " -r" } else { "" };
            script.push_str(&format!(
                "complete -c kb -n '__fish_seen_subcommand_from {}' -l {}{value} -d '{}'\n",
                command.name,
                option.name,
                about(&option.about)
            ));
        }
    }
    script
}
