function __certify_should_offer_completions_for_flags_or_options -a expected_commands
    set -l non_repeating_flags_or_options $argv[2..]
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __certify_parse_tokens
    test "$commands" = "$expected_commands"; and return $non_repeating_flags_or_options_absent
end

function __certify_should_offer_completions_for_positional -a expected_commands positional_index_comparison expected_positional_index
    set -l non_repeating_flags_or_options
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __certify_parse_tokens
    test "$commands" = "$expected_commands" -a \( "$positional_index" "$positional_index_comparison" "$expected_positional_index" \)
end

function __certify_parse_tokens -S
    set -l unparsed_tokens (__certify_tokens -pc)
    switch $unparsed_tokens[1]
    case 'certify'
        __certify_parse_subcommand 0 'version' 'h/help'
        switch $unparsed_tokens[1]
        case 'check'
            __certify_parse_subcommand -r 1 'manifest=' 'step=' 'scheme=' 'as-run' 'continuous' 'rate=' 'format=' 'write=+' 'exit-zero' 'policy=' 'baseline=' 'out=' 'certificates=' 'witness=' 'tube=' 'version' 'h/help'
        case 'verify'
            __certify_parse_subcommand 2 'manifest=' 'step=' 'scheme=' 'format=' 'replay' 'key=' 'attestation=' 'version' 'h/help'
        case 'attest'
            __certify_parse_subcommand 2 'key=' 'o/output=' 'manifest=' 'step=' 'scheme=' 'version' 'h/help'
        case 'audit'
            __certify_parse_subcommand 0 'version' 'h/help'
            switch $unparsed_tokens[1]
            case 'models'
                __certify_parse_subcommand -r 1 'manifest=' 'step=' 'dual' 'format=' 'write=+' 'exit-zero' 'version' 'h/help'
            case 'metric'
                __certify_parse_subcommand 1 'metric=' 'manifest=' 'step=' 'format=' 'version' 'h/help'
            case 'recipe'
                __certify_parse_subcommand -r 1 'networks=' 'format=' 'version' 'h/help'
            case 'identity-coupling'
                __certify_parse_subcommand 0 'a=' 'format=' 'version' 'h/help'
            case 'orientation'
                __certify_parse_subcommand 2 'gain=' 'format=' 'version' 'h/help'
            case 'theorem7'
                __certify_parse_subcommand 0 'c=' 'format=' 'version' 'h/help'
            case 'theorem6'
                __certify_parse_subcommand 1 'manifest=' 'metric-p=' 'trajectory=' 'dt=' 'activation=' 'slopes' 'c=' 'beta=' 'format=' 'version' 'h/help'
            end
        case 'prune'
            __certify_parse_subcommand 1 'edges=' 'report' 'o/output=' 'certificate=' 'manifest=' 'step=' 'scheme=' 'as-run' 'continuous' 'format=' 'version' 'h/help'
        case 'ablate'
            __certify_parse_subcommand 1 'units=' 'module=' 'rows=+' 'columns=+' 'report' 'o/output=' 'certificate=' 'manifest=' 'step=' 'scheme=' 'as-run' 'continuous' 'format=' 'version' 'h/help'
        case 'inspect'
            __certify_parse_subcommand 1 'manifest=' 'manifest-template' 'format=' 'version' 'h/help'
        case 'show'
            __certify_parse_subcommand 1 'format=' 'version' 'h/help'
        case 'report'
            __certify_parse_subcommand -r 1 'o/output=' 'manifest=' 'step=' 'scheme=' 'title=' 'metrics=' 'pictures=' 'version' 'h/help'
        case 'init'
            __certify_parse_subcommand 1 'o/output=' 'version' 'h/help'
        case 'train'
            __certify_parse_subcommand 1 'o/output=' 'resume' 'steps=' 'threads=' 'seed=' 'memory=' 'array' 'measure=' 'version' 'h/help'
        case 'run'
            __certify_parse_subcommand 1 'input=' 'o/output=' 'start=' 'manifest=' 'step=' 'scheme=' 'precision=' 'threads=' 'format=' 'version' 'h/help'
        case 'evaluate'
            __certify_parse_subcommand 1 'task=' 'trials=' 'seed=' 'coding=' 'manifest=' 'step=' 'scheme=' 'threads=' 'format=' 'version' 'h/help'
        case 'data'
            __certify_parse_subcommand 0 'version' 'h/help'
            switch $unparsed_tokens[1]
            case 'list'
                __certify_parse_subcommand 0 'version' 'h/help'
            case 'show'
                __certify_parse_subcommand 1 'o/output=' 'count=' 'seed=' 'coding=' 'version' 'h/help'
            case 'export'
                __certify_parse_subcommand 1 'o/output=' 'trials=' 'seed=' 'version' 'h/help'
            end
        case 'help'
            __certify_parse_subcommand -r 1 'version'
        end
    end
end

function __certify_tokens
    if test (string split -m 1 -f 1 -- . "$FISH_VERSION") -gt 3
        commandline --tokens-raw $argv
    else
        commandline -o $argv
    end
end

function __certify_parse_subcommand -S -a positional_count
    argparse -s r -- $argv
    set -l option_specs $argv[2..]
    set -l is_repeating_positional $_flag_r
    set -el _flag_r
    set -a commands $unparsed_tokens[1]
    set positional_index 0
    while true
        set -e unparsed_tokens[1]
        argparse -sn "$commands" $option_specs -- $unparsed_tokens 2> /dev/null
        set unparsed_tokens $argv
        set positional_index (math $positional_index + 1)
        for non_repeating_flag_or_option in $non_repeating_flags_or_options
            if set -ql "_flag_$(string replace -a - _ -- $non_repeating_flag_or_option)"
                set non_repeating_flags_or_options_absent 1
                break
            end
        end
        test (count $unparsed_tokens) -eq 0 -o \( -z "$is_repeating_positional" -a "$positional_index" -gt "$positional_count" \) && break
    end
end

function __certify_complete_directories
    set -l token (commandline -t)
    string match -- '*/' $token
    set -l subdirs $token*/
    printf %s\n $subdirs
end

function __certify_custom_completion
    set -x SAP_SHELL fish
    set -x SAP_SHELL_VERSION $FISH_VERSION
    set -l tokens (__certify_tokens -p)
    if test -z "$(__certify_tokens -t)"
        set -l index (count (__certify_tokens -pc))
        set tokens $tokens[..$index] \'\' $tokens[(math $index + 1)..]
    end
    command $tokens[1] $argv $tokens
end

complete -c 'certify' -f
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify" version' -l 'version' -d 'Show the version.'
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'certify' -n '__certify_should_offer_completions_for_positional "certify" -eq 1' -fa 'check' -d 'Judge networks: as a flow in continuous time, and as the map that runs.'
complete -c 'certify' -n '__certify_should_offer_completions_for_positional "certify" -eq 1' -fa 'verify' -d 'Re-check a certificate against its model with the trusted kernel.'
complete -c 'certify' -n '__certify_should_offer_completions_for_positional "certify" -eq 1' -fa 'attest' -d 'Check a certificate against its model and sign the outcome (in-toto, DSSE, Ed25519).'
complete -c 'certify' -n '__certify_should_offer_completions_for_positional "certify" -eq 1' -fa 'audit' -d 'Ask why: does a constant metric exist, and what a theorem really says here.'
complete -c 'certify' -n '__certify_should_offer_completions_for_positional "certify" -eq 1' -fa 'prune' -d 'Remove connections; write the new model with a certificate, or refuse.'
complete -c 'certify' -n '__certify_should_offer_completions_for_positional "certify" -eq 1' -fa 'ablate' -d 'Delete units or a module; write the new model with a certificate, or refuse.'
complete -c 'certify' -n '__certify_should_offer_completions_for_positional "certify" -eq 1' -fa 'inspect' -d 'List tensors, shapes and the layout a file is recognised as.'
complete -c 'certify' -n '__certify_should_offer_completions_for_positional "certify" -eq 1' -fa 'show' -d 'Print the proof tree of a certificate; `certify verify` is what checks it.'
complete -c 'certify' -n '__certify_should_offer_completions_for_positional "certify" -eq 1' -fa 'report' -d 'Judge networks and write what was found as one HTML page.'
complete -c 'certify' -n '__certify_should_offer_completions_for_positional "certify" -eq 1' -fa 'init' -d 'Write a commented training configuration.'
complete -c 'certify' -n '__certify_should_offer_completions_for_positional "certify" -eq 1' -fa 'train' -d 'Train a network; each save is a model and its certificate.'
complete -c 'certify' -n '__certify_should_offer_completions_for_positional "certify" -eq 1' -fa 'run' -d 'Integrate a certified model on a batch of inputs.'
complete -c 'certify' -n '__certify_should_offer_completions_for_positional "certify" -eq 1' -fa 'evaluate' -d 'Accuracy of a certified model on a task.'
complete -c 'certify' -n '__certify_should_offer_completions_for_positional "certify" -eq 1' -fa 'data' -d 'List tasks, draw a few trials or images, and write trials for other programs.'
complete -c 'certify' -n '__certify_should_offer_completions_for_positional "certify" -eq 1' -fa 'help' -d 'Show subcommand help information.'
complete -c 'certify' -n '__certify_should_offer_completions_for_positional "certify check" -ge 1' -F
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify check" manifest' -l 'manifest' -d 'A TOML file that says what the tensors mean, for every model given.' -rF
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify check" step' -l 'step' -d 'The step of the map that runs: a number, or an exact "3/10".' -rfka ''
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify check" scheme' -l 'scheme' -d 'How the network is advanced: euler (default), semi-implicit, exponential, implicit, split.' -rfka ''
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify check" as-run' -l 'as-run' -d 'Judge only the map that runs.'
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify check" continuous' -l 'continuous' -d 'Judge only the flow in continuous time.'
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify check" rate' -l 'rate' -d 'Fail (status 1) unless every verdict judged certifies at least this rate.' -rfka ''
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify check" format' -l 'format' -d 'text, json (one object a line), sarif, junit, github (annotations), or markdown.' -rfka 'text json sarif junit github markdown'
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify check"' -l 'write' -d 'Write a report beside the one printed, as FORMAT=FILE; may be given several times.' -rfka ''
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify check" exit-zero' -l 'exit-zero' -d 'Report without failing (internal and usage errors still fail).'
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify check" policy' -l 'policy' -d 'What is asked of the networks, as a certify.toml; the report says which line decided.' -rF
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify check" baseline' -l 'baseline' -d 'An earlier report in JSON lines: what it had already does not fail, rates that fell do.' -rF
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify check" out' -l 'out' -d 'Write the report to this file instead of standard output.' -rF
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify check" certificates' -l 'certificates' -d 'Write a certificate for each model decided, under this folder.' -rfa '(__certify_complete_directories)'
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify check" witness' -l 'witness' -d 'Write for each model refuted a state and an input that show it, one JSON object a line.' -rF
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify check" tube' -l 'tube' -d 'Bound how far a run in this format strays from the exact one: float32, float16, bfloat16, float64.' -rfka ''
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify check" version' -l 'version' -d 'Show the version.'
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify check" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'certify' -n '__certify_should_offer_completions_for_positional "certify verify" -eq 1' -F
complete -c 'certify' -n '__certify_should_offer_completions_for_positional "certify verify" -eq 2' -F
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify verify" manifest' -l 'manifest' -d 'A TOML file that says what the tensors mean, for every model given.' -rF
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify verify" step' -l 'step' -d 'The step of the map that runs: a number, or an exact "3/10".' -rfka ''
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify verify" scheme' -l 'scheme' -d 'How the network is advanced: euler (default), semi-implicit, exponential, implicit, split.' -rfka ''
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify verify" format' -l 'format' -d 'text or json.' -rfka 'text json'
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify verify" replay' -l 'replay' -d 'For claims refuted: run two trajectories that do not approach each other, in doubles.'
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify verify" key' -l 'key' -d 'Also check that this Ed25519 public key (PEM) signed the outcome: see attest.' -rF
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify verify" attestation' -l 'attestation' -d 'The envelope that attest wrote; else CERTIFICATE with .dsse.json for .json.' -rF
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify verify" version' -l 'version' -d 'Show the version.'
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify verify" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'certify' -n '__certify_should_offer_completions_for_positional "certify attest" -eq 1' -F
complete -c 'certify' -n '__certify_should_offer_completions_for_positional "certify attest" -eq 2' -F
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify attest" key' -l 'key' -d 'The private key: an Ed25519 key in PEM (PKCS #8).' -rF
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify attest" o output' -l 'output' -s 'o' -d 'Where the envelope goes.' -rF
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify attest" manifest' -l 'manifest' -d 'A TOML file that says what the tensors mean, for every model given.' -rF
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify attest" step' -l 'step' -d 'The step of the map that runs: a number, or an exact "3/10".' -rfka ''
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify attest" scheme' -l 'scheme' -d 'How the network is advanced: euler (default), semi-implicit, exponential, implicit, split.' -rfka ''
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify attest" version' -l 'version' -d 'Show the version.'
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify attest" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify audit" version' -l 'version' -d 'Show the version.'
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify audit" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'certify' -n '__certify_should_offer_completions_for_positional "certify audit" -eq 1' -fa 'models' -d 'Whether constant metrics exist; the mode without a name.'
complete -c 'certify' -n '__certify_should_offer_completions_for_positional "certify audit" -eq 1' -fa 'metric' -d 'Is this matrix a metric of this network? With which rate, or where does it fail?'
complete -c 'certify' -n '__certify_should_offer_completions_for_positional "certify audit" -eq 1' -fa 'recipe' -d 'Draw networks as a recipe says, and count how many are certified and refuted.'
complete -c 'certify' -n '__certify_should_offer_completions_for_positional "certify audit" -eq 1' -fa 'identity-coupling' -d 'Three units that show why L = -L^T needs the identity metric; without --a a table.'
complete -c 'certify' -n '__certify_should_offer_completions_for_positional "certify audit" -eq 1' -fa 'orientation' -d 'Couple two symmetric modules by feedback that is skew in M, and in its inverse.'
complete -c 'certify' -n '__certify_should_offer_completions_for_positional "certify audit" -eq 1' -fa 'theorem7' -d 'The story of W = c (0 -1; 1 0), slopes in [0, 1]; without --c a table.'
complete -c 'certify' -n '__certify_should_offer_completions_for_positional "certify audit" -eq 1' -fa 'theorem6' -d 'Monitor the hypothesis of Theorem 6 along a trajectory: a conditional verdict at best.'
complete -c 'certify' -n '__certify_should_offer_completions_for_positional "certify audit models" -ge 1' -F
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify audit models" manifest' -l 'manifest' -d 'A TOML file that says what the tensors mean, for every model given.' -rF
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify audit models" step' -l 'step' -d 'The step of the map that runs: a number, or an exact "3/10".' -rfka ''
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify audit models" dual' -l 'dual' -d 'Print the matrices of duals.'
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify audit models" format' -l 'format' -d 'text, json (one object a line), sarif, junit, github (annotations), or markdown.' -rfka 'text json sarif junit github markdown'
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify audit models"' -l 'write' -d 'Write a report beside the one printed, as FORMAT=FILE; may be given several times.' -rfka ''
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify audit models" exit-zero' -l 'exit-zero' -d 'Report without failing (internal and usage errors still fail).'
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify audit models" version' -l 'version' -d 'Show the version.'
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify audit models" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'certify' -n '__certify_should_offer_completions_for_positional "certify audit metric" -eq 1' -F
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify audit metric" metric' -l 'metric' -d 'The metric.' -rF
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify audit metric" manifest' -l 'manifest' -d 'A TOML file that says what the tensors mean.' -rF
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify audit metric" step' -l 'step' -d 'The step of the map that runs: a number, or an exact "3/10".' -rfka ''
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify audit metric" format' -l 'format' -d 'text or json.' -rfka 'text json'
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify audit metric" version' -l 'version' -d 'Show the version.'
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify audit metric" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify audit recipe" networks' -l 'networks' -d 'Draw this many networks instead of what the recipe says.' -rfka ''
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify audit recipe" format' -l 'format' -d 'text or json (one object a line).' -rfka 'text json'
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify audit recipe" version' -l 'version' -d 'Show the version.'
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify audit recipe" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify audit identity-coupling" a' -l 'a' -d 'The weight inside the first module: a finite number.' -rfka ''
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify audit identity-coupling" format' -l 'format' -d 'text or json (one object a line).' -rfka 'text json'
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify audit identity-coupling" version' -l 'version' -d 'Show the version.'
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify audit identity-coupling" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify audit orientation" gain' -l 'gain' -d 'The spectral norm of the block from the first to the second.' -rfka ''
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify audit orientation" format' -l 'format' -d 'text or json.' -rfka 'text json'
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify audit orientation" version' -l 'version' -d 'Show the version.'
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify audit orientation" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify audit theorem7" c' -l 'c' -d 'The size of the weights: a finite number that is not negative.' -rfka ''
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify audit theorem7" format' -l 'format' -d 'text or json (one object a line).' -rfka 'text json'
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify audit theorem7" version' -l 'version' -d 'Show the version.'
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify audit theorem7" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'certify' -n '__certify_should_offer_completions_for_positional "certify audit theorem6" -eq 1' -F
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify audit theorem6" manifest' -l 'manifest' -d 'A TOML file that says what the tensors mean.' -rF
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify audit theorem6" metric-p' -l 'metric-p' -d 'P of (gW - I)P + P(gW^T - I) <= -cP: a .npy of n numbers, or a diagonal n x n.' -rF
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify audit theorem6" trajectory' -l 'trajectory' -d 'A .npy of samples x units.' -rF
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify audit theorem6" dt' -l 'dt' -d 'The time between samples, in the unit of the time constants.' -rfka ''
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify audit theorem6" activation' -l 'activation' -d 'tanh, sigmoid or softplus: whose slope to take.' -rfka ''
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify audit theorem6" slopes' -l 'slopes' -d 'The trajectory holds slopes.'
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify audit theorem6" c' -l 'c' -d 'The c to check; absent: the largest that is found.' -rfka ''
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify audit theorem6" beta' -l 'beta' -d 'The rate of V to ask for.' -rfka ''
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify audit theorem6" format' -l 'format' -d 'text or json.' -rfka 'text json'
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify audit theorem6" version' -l 'version' -d 'Show the version.'
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify audit theorem6" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'certify' -n '__certify_should_offer_completions_for_positional "certify prune" -eq 1' -F
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify prune" edges' -l 'edges' -d 'The connections to remove.' -rF
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify prune" report' -l 'report' -d 'Instead: list which single connections can go with the same metric and rate.'
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify prune" o output' -s 'o' -l 'output' -d 'The new model, safetensors; its certificate is OUT.cert.json.' -rF
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify prune" certificate' -l 'certificate' -d 'A certificate of the model as it is; without it one is searched for.' -rF
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify prune" manifest' -l 'manifest' -d 'A TOML file that says what the tensors mean, for every model given.' -rF
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify prune" step' -l 'step' -d 'The step of the map that runs: a number, or an exact "3/10".' -rfka ''
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify prune" scheme' -l 'scheme' -d 'How the network is advanced: euler (default), semi-implicit, exponential, implicit, split.' -rfka ''
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify prune" as-run' -l 'as-run' -d 'Judge only the map that runs.'
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify prune" continuous' -l 'continuous' -d 'Judge only the flow in continuous time.'
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify prune" format' -l 'format' -d 'text or json.' -rfka 'text json'
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify prune" version' -l 'version' -d 'Show the version.'
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify prune" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'certify' -n '__certify_should_offer_completions_for_positional "certify ablate" -eq 1' -F
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify ablate" units' -l 'units' -d 'Units from 0, such as 3,7,10-12.' -rfka ''
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify ablate" module' -l 'module' -d 'All units of one module, from 0.' -rfka ''
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify ablate"' -l 'rows' -d 'Tensors with units along the first dimension.' -rfka ''
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify ablate"' -l 'columns' -d 'Tensors with units along the last dimension.' -rfka ''
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify ablate" report' -l 'report' -d 'Instead: list which single units and modules can go with the same metric and rate.'
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify ablate" o output' -s 'o' -l 'output' -d 'The new model, safetensors; its certificate is OUT.cert.json.' -rF
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify ablate" certificate' -l 'certificate' -d 'A certificate of the model as it is; without it one is searched for.' -rF
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify ablate" manifest' -l 'manifest' -d 'A TOML file that says what the tensors mean, for every model given.' -rF
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify ablate" step' -l 'step' -d 'The step of the map that runs: a number, or an exact "3/10".' -rfka ''
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify ablate" scheme' -l 'scheme' -d 'How the network is advanced: euler (default), semi-implicit, exponential, implicit, split.' -rfka ''
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify ablate" as-run' -l 'as-run' -d 'Judge only the map that runs.'
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify ablate" continuous' -l 'continuous' -d 'Judge only the flow in continuous time.'
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify ablate" format' -l 'format' -d 'text or json.' -rfka 'text json'
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify ablate" version' -l 'version' -d 'Show the version.'
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify ablate" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'certify' -n '__certify_should_offer_completions_for_positional "certify inspect" -eq 1' -F
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify inspect" manifest' -l 'manifest' -d 'A TOML file that says what the tensors mean.' -rF
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify inspect" manifest-template' -l 'manifest-template' -d 'Print a manifest to start from.'
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify inspect" format' -l 'format' -d 'text or json.' -rfka 'text json'
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify inspect" version' -l 'version' -d 'Show the version.'
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify inspect" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'certify' -n '__certify_should_offer_completions_for_positional "certify show" -eq 1' -F
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify show" format' -l 'format' -d 'text, json, or svg for a picture.' -rfka 'text json svg'
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify show" version' -l 'version' -d 'Show the version.'
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify show" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'certify' -n '__certify_should_offer_completions_for_positional "certify report" -ge 1' -F
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify report" o output' -s 'o' -l 'output' -d 'The page, written whole or not at all.' -rF
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify report" manifest' -l 'manifest' -d 'A TOML file that says what the tensors mean, for every model given.' -rF
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify report" step' -l 'step' -d 'The step of the map that runs: a number, or an exact "3/10".' -rfka ''
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify report" scheme' -l 'scheme' -d 'How the network is advanced: euler (default), semi-implicit, exponential, implicit, split.' -rfka ''
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify report" title' -l 'title' -d 'The heading of the page.' -rfka ''
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify report" metrics' -l 'metrics' -d 'Training figures of the one model given, as `certify train` writes them.' -rF
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify report" pictures' -l 'pictures' -d 'Also write each picture of the one model given as an SVG file in this folder.' -rfa '(__certify_complete_directories)'
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify report" version' -l 'version' -d 'Show the version.'
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify report" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify init" o output' -s 'o' -l 'output' -d 'Where the configuration goes; else standard output.' -rF
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify init" version' -l 'version' -d 'Show the version.'
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify init" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify train" o output' -s 'o' -l 'output' -d 'Where the model goes; else [output] path.' -rF
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify train" resume' -l 'resume' -d 'Go on with the run that OUT belongs to.'
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify train" steps' -l 'steps' -d 'Stop after this many gradient steps in all.' -rfka ''
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify train" threads' -l 'threads' -d 'Threads that share a batch; results depend on their number in the last bits.' -rfka ''
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify train" seed' -l 'seed' -d 'The seed, instead of the configuration\'s.' -rfka ''
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify train" memory' -l 'memory' -d 'Memory for backpropagation, such as 512M or 2G.' -rfka ''
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify train" array' -l 'array' -d 'One task of a Slurm array: the task\'s number is added to the seed and to OUT\'s name.'
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify train" measure' -l 'measure' -d 'Run K steps (and one before) on random data, save nothing, print the time.' -rfka ''
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify train" version' -l 'version' -d 'Show the version.'
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify train" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'certify' -n '__certify_should_offer_completions_for_positional "certify run" -eq 1' -F
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify run" input' -l 'input' -d 'The inputs, an .npy file.' -rF
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify run" o output' -s 'o' -l 'output' -d 'Where the trajectory goes, an .npy file.' -rF
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify run" start' -l 'start' -d 'An .npy file of the states to start from: units or sequences × units; else 0.' -rfka ''
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify run" manifest' -l 'manifest' -d 'A TOML file that says what the tensors mean, for every model given.' -rF
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify run" step' -l 'step' -d 'The step of the map that runs: a number, or an exact "3/10".' -rfka ''
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify run" scheme' -l 'scheme' -d 'How the network is advanced: euler (default), semi-implicit, exponential, implicit, split.' -rfka ''
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify run" precision' -l 'precision' -d 'float32 or float64: what the run is computed and written in.' -rfka ''
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify run" threads' -l 'threads' -d 'Threads; sequences are dealt out.' -rfka ''
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify run" format' -l 'format' -d 'text or json.' -rfka 'text json'
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify run" version' -l 'version' -d 'Show the version.'
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify run" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'certify' -n '__certify_should_offer_completions_for_positional "certify evaluate" -eq 1' -F
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify evaluate" task' -l 'task' -d 'A task, a list of tasks, or a training configuration.' -rfka ''
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify evaluate" trials' -l 'trials' -d 'Fresh trials of each cognitive task.' -rfka ''
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify evaluate" seed' -l 'seed' -d 'The seed of the trials.' -rfka ''
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify evaluate" coding' -l 'coding' -d 'How labels are written: authors (class 16 wraps to 0) or clean.' -rfka ''
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify evaluate" manifest' -l 'manifest' -d 'A TOML file that says what the tensors mean, for every model given.' -rF
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify evaluate" step' -l 'step' -d 'The step of the map that runs: a number, or an exact "3/10".' -rfka ''
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify evaluate" scheme' -l 'scheme' -d 'How the network is advanced: euler (default), semi-implicit, exponential, implicit, split.' -rfka ''
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify evaluate" threads' -l 'threads' -d 'Threads; sequences are dealt out.' -rfka ''
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify evaluate" format' -l 'format' -d 'text or json.' -rfka 'text json'
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify evaluate" version' -l 'version' -d 'Show the version.'
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify evaluate" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify data" version' -l 'version' -d 'Show the version.'
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify data" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'certify' -n '__certify_should_offer_completions_for_positional "certify data" -eq 1' -fa 'list' -d 'All tasks, by the lists they belong to.'
complete -c 'certify' -n '__certify_should_offer_completions_for_positional "certify data" -eq 1' -fa 'show' -d 'Draw a few trials of a task, or a few images as sequences.'
complete -c 'certify' -n '__certify_should_offer_completions_for_positional "certify data" -eq 1' -fa 'export' -d 'Write the trials that `certify evaluate` uses, for other programs.'
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify data list" version' -l 'version' -d 'Show the version.'
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify data list" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify data show" o output' -s 'o' -l 'output' -d 'Where the picture goes, an .svg file.' -rF
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify data show" count' -l 'count' -d 'Trials or images.' -rfka ''
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify data show" seed' -l 'seed' -d 'The seed of the trials.' -rfka ''
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify data show" coding' -l 'coding' -d 'How labels are written: authors or clean.' -rfka ''
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify data show" version' -l 'version' -d 'Show the version.'
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify data show" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify data export" o output' -s 'o' -l 'output' -d 'A folder, made if it is not there.' -rF
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify data export" trials' -l 'trials' -d 'Trials.' -rfka ''
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify data export" seed' -l 'seed' -d 'The seed of the trials.' -rfka ''
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify data export" version' -l 'version' -d 'Show the version.'
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify data export" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'certify' -n '__certify_should_offer_completions_for_flags_or_options "certify help" version' -l 'version' -d 'Show the version.'
