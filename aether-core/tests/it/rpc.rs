//! Messages of JSON-RPC 2.0: the worked examples of its specification, and what hostile peers send.

use aether_core::base::ErrorCode;
use aether_core::rpc::{
    Incoming, RpcError, RpcErrorCode, RpcId, RpcLimits, RpcMessage, RpcMethod, RpcRequest, RpcResponse,
    read_rpc,
};
use proptest::prelude::*;
use serde_json::{Value, json};

fn read(text: &str) -> Result<Incoming, RpcResponse> {
    read_rpc(text.as_bytes(), &RpcLimits::default())
}

#[track_caller]
fn request(text: &str) -> RpcRequest {
    match read(text) {
        Ok(Incoming::One(RpcMessage::Request(request))) => request,
        other => panic!("{text}: {other:?}"),
    }
}

#[track_caller]
fn refused(bytes: &[u8]) -> (RpcErrorCode, Option<RpcId>) {
    let response = read_rpc(bytes, &RpcLimits::default()).expect_err("a refusal");
    (response.outcome.expect_err("an error").code, response.id)
}

/// Section 7 of the specification, "Examples".
#[test]
fn the_examples_of_the_specification() {
    let positional = request(r#"{"jsonrpc": "2.0", "method": "subtract", "params": [42, 23], "id": 1}"#);
    assert_eq!(positional, RpcRequest::new(1, "subtract", Some(json!([42, 23]))));
    let named =
        r#"{"jsonrpc": "2.0", "method": "subtract", "params": {"subtrahend": 23, "minuend": 42}, "id": 3}"#;
    assert_eq!(request(named).params.unwrap()["minuend"], 42);
    let notified = request(r#"{"jsonrpc": "2.0", "method": "update", "params": [1,2,3,4,5]}"#);
    assert!(notified.is_notification());
    assert!(request(r#"{"jsonrpc": "2.0", "method": "foobar"}"#).params.is_none());

    // "rpc call with invalid JSON"
    assert_eq!(
        refused(br#"{"jsonrpc": "2.0", "method": "foobar, "params": "bar", "baz]"#),
        (RpcErrorCode::PARSE_ERROR, None)
    );
    // "rpc call with invalid Request object"
    assert_eq!(
        refused(br#"{"jsonrpc": "2.0", "method": 1, "params": "bar"}"#),
        (RpcErrorCode::INVALID_REQUEST, None)
    );
    // "rpc call Batch, invalid JSON"
    let batch = br#"[ {"jsonrpc": "2.0", "method": "sum", "params": [1,2,4], "id": "1"}, {"jsonrpc": "2.0", "method""#;
    assert_eq!(refused(batch), (RpcErrorCode::PARSE_ERROR, None));
    // "rpc call with an empty Array"
    assert_eq!(refused(b"[]"), (RpcErrorCode::INVALID_REQUEST, None));
    // "rpc call with invalid Batch"
    let Ok(Incoming::Batch(items)) = read("[1,2,3]") else { panic!("a batch") };
    assert_eq!(items.len(), 3);
    for item in items {
        let response = item.expect_err("a number is no request");
        assert_eq!((response.id, response.outcome.unwrap_err().code), (None, RpcErrorCode::INVALID_REQUEST));
    }
    // "rpc call Batch"
    let Ok(Incoming::Batch(items)) = read(
        r#"[
            {"jsonrpc": "2.0", "method": "sum", "params": [1,2,4], "id": "1"},
            {"jsonrpc": "2.0", "method": "notify_hello", "params": [7]},
            {"jsonrpc": "2.0", "method": "subtract", "params": [42,23], "id": "2"},
            {"foo": "boo"},
            {"jsonrpc": "2.0", "method": "foo.get", "params": {"name": "myself"}, "id": "5"},
            {"jsonrpc": "2.0", "method": "get_data", "id": "9"}
        ]"#,
    ) else {
        panic!("a batch")
    };
    let read: Vec<bool> = items.iter().map(Result::is_ok).collect();
    assert_eq!(read, [true, true, true, false, true, true]);

    // The responses, letter by letter but for the order of the members.
    let answer = RpcResponse::of(Some(1.into()), Ok(json!(19)));
    assert_eq!(serde_json::to_value(&answer).unwrap(), json!({"jsonrpc": "2.0", "result": 19, "id": 1}));
    let error = RpcError::new(RpcErrorCode::METHOD_NOT_FOUND, "Method not found");
    let answer = RpcResponse::of(Some("1".into()), Err(error));
    let written =
        json!({"jsonrpc": "2.0", "error": {"code": -32601, "message": "Method not found"}, "id": "1"});
    assert_eq!(serde_json::to_value(&answer).unwrap(), written);
    let answer = RpcResponse::of(None, Err(RpcError::new(RpcErrorCode::INVALID_REQUEST, "Invalid Request")));
    let written =
        json!({"jsonrpc": "2.0", "error": {"code": -32600, "message": "Invalid Request"}, "id": null});
    assert_eq!(serde_json::to_value(&answer).unwrap(), written);
}

#[test]
fn the_type_of_an_id_is_kept() {
    for (text, id) in [
        ("7", RpcId::Number(7)),
        ("\"7\"", RpcId::Text("7".to_owned())),
        ("-9007199254740992", RpcId::Number(-(1 << 53))),
        ("\"\"", RpcId::Text(String::new())),
    ] {
        let read = request(&format!(r#"{{"jsonrpc":"2.0","id":{text},"method":"x"}}"#));
        assert_eq!(read.id, Some(id));
        let answer = RpcResponse::of(read.id, Ok(Value::Null));
        assert_eq!(
            serde_json::to_string(&answer).unwrap(),
            format!(r#"{{"id":{text},"jsonrpc":"2.0","result":null}}"#)
        );
    }
    for text in ["null", "1.5", "1.0", "9007199254740993", "18446744073709551615", "true", "[]", "{}", "1e3"]
    {
        let told = refused(format!(r#"{{"jsonrpc":"2.0","id":{text},"method":"x"}}"#).as_bytes());
        assert_eq!(told, (RpcErrorCode::INVALID_REQUEST, None), "{text}");
    }
}

#[test]
fn what_is_no_message_is_refused_with_the_id_that_it_has() {
    let of_seven = (RpcErrorCode::INVALID_REQUEST, Some(RpcId::Number(7)));
    for text in [
        r#"{"id":7,"method":"x"}"#,
        r#"{"jsonrpc":"1.0","id":7,"method":"x"}"#,
        r#"{"jsonrpc":2.0,"id":7,"method":"x"}"#,
        r#"{"jsonrpc":"2.0","id":7}"#,
        r#"{"jsonrpc":"2.0","id":7,"method":"x","params":"text"}"#,
        r#"{"jsonrpc":"2.0","id":7,"method":"x","params":null}"#,
        r#"{"jsonrpc":"2.0","id":7,"method":"x","extra":1}"#,
        r#"{"jsonrpc":"2.0","id":7,"result":1,"error":{"code":1,"message":""}}"#,
        r#"{"jsonrpc":"2.0","id":7,"error":{"code":"1","message":""}}"#,
    ] {
        assert_eq!(refused(text.as_bytes()), of_seven, "{text}");
    }
    for text in ["1", "null", "\"x\"", "true", "{}", "[[]]"] {
        let read = read(text);
        let is_refused = match &read {
            Err(response) => response.outcome.is_err(),
            Ok(Incoming::Batch(items)) => items.iter().all(Result::is_err),
            Ok(_) => false,
        };
        assert!(is_refused, "{text}: {read:?}");
    }
}

#[test]
fn a_key_that_comes_twice_is_refused_wherever_it_is() {
    for text in [
        r#"{"jsonrpc":"2.0","id":7,"method":"cargo.check","method":"patch.apply"}"#,
        r#"{"jsonrpc":"2.0","id":7,"method":"x","params":{"a":[{"b":1,"\u0062":2}]}}"#,
        r#"[{"jsonrpc":"2.0","id":7,"id":8,"method":"x"}]"#,
    ] {
        assert_eq!(refused(text.as_bytes()).0, RpcErrorCode::INVALID_REQUEST, "{text}");
    }
}

#[test]
fn limits_hold() {
    let nested = |depth: usize| {
        let params = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        format!(r#"{{"jsonrpc":"2.0","id":7,"method":"x","params":{params}}}"#)
    };
    // The request is a level of its own.
    assert!(read(&nested(63)).is_ok());
    assert_eq!(refused(nested(64).as_bytes()).0, RpcErrorCode::INVALID_REQUEST);
    assert_eq!(refused(nested(100_000).as_bytes()).0, RpcErrorCode::INVALID_REQUEST);
    // Whoever asks for more than can be read gets what can be.
    let mut limits = RpcLimits::default();
    limits.max_depth = u32::MAX;
    assert!(read_rpc(nested(99).as_bytes(), &limits).is_ok());
    let told = read_rpc(nested(100).as_bytes(), &limits).unwrap_err();
    assert_eq!(told.outcome.unwrap_err().code, RpcErrorCode::INVALID_REQUEST);

    let mut limits = RpcLimits::default();
    limits.max_bytes = 10;
    assert!(read_rpc(b"[1,2,3,4]", &limits).is_ok());
    assert_eq!(
        read_rpc(b"[1,2,3,4,5]", &limits).unwrap_err().outcome.unwrap_err().code,
        RpcErrorCode::INVALID_REQUEST
    );
    limits.max_batch = 4;
    assert!(read_rpc(b"[1,2,3,4]", &limits).is_ok());
    limits.max_batch = 3;
    assert!(read_rpc(b"[1,2,3,4]", &limits).is_err());
    assert_eq!(refused(b"{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"\xff\"}").0, RpcErrorCode::PARSE_ERROR);
    assert_eq!(refused(b"").0, RpcErrorCode::PARSE_ERROR);
    assert_eq!(
        refused(br#"{"jsonrpc":"2.0","id":7,"method":"x"} {}"#).0,
        RpcErrorCode::PARSE_ERROR,
        "one message, and nothing behind it"
    );
}

#[test]
fn errors_of_aether_have_a_number_and_their_stable_code() {
    for (code, number) in [
        (ErrorCode::POLICY_DENIED, RpcErrorCode::NOT_ALLOWED),
        (ErrorCode::USAGE_BAD_ARGUMENTS, RpcErrorCode::INVALID_PARAMS),
        (ErrorCode::CANCELLED, RpcErrorCode::CANCELLED),
        (ErrorCode::INTERNAL, RpcErrorCode::INTERNAL_ERROR),
        (ErrorCode::STORE_LOCKED, RpcErrorCode::FAILED),
    ] {
        let error = RpcError::of(&code, "why");
        assert_eq!(error.code, number);
        assert_eq!(error.stable_code(), Some(code));
        let read: RpcError = serde_json::from_str(&serde_json::to_string(&error).unwrap()).unwrap();
        assert_eq!(read, error);
    }
    assert_eq!(RpcError::new(RpcErrorCode::FAILED, "why").stable_code(), None);
}

#[test]
fn a_response_without_an_id_member_is_none() {
    // An id that is `null` says that the request could not be read; one that is missing says nothing.
    let text = r#"{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"x"}}"#;
    assert!(serde_json::from_str::<RpcResponse>(text).is_ok());
    let text = r#"{"jsonrpc":"2.0","error":{"code":-32700,"message":"x"}}"#;
    assert!(serde_json::from_str::<RpcResponse>(text).is_err());
    let text = r#"{"jsonrpc":"2.0","id":1,"result":null}"#;
    assert_eq!(serde_json::from_str::<RpcResponse>(text).unwrap().outcome, Ok(Value::Null));
}

#[test]
fn methods_have_one_name_each() {
    let mut names: Vec<&str> = RpcMethod::KNOWN.iter().map(RpcMethod::as_str).collect();
    assert_eq!(names.len(), 25);
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), 25);
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "\\PC{0,6}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map("\\PC{0,4}", inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn ids() -> impl Strategy<Value = RpcId> {
    prop_oneof![(-(1_i64 << 53)..=(1 << 53)).prop_map(RpcId::Number), "\\PC{0,12}".prop_map(RpcId::Text)]
}

proptest! {
    #[test]
    fn what_is_written_is_read(
        id in proptest::option::of(ids()),
        method in "\\PC{0,12}",
        params in proptest::option::of(values()),
        result in values(),
    ) {
        let params = params.filter(|it| it.is_object() || it.is_array());
        let request = match id.clone() {
            Some(id) => RpcRequest::new(id, &method, params),
            None => RpcRequest::notification(&method, params),
        };
        let text = serde_json::to_string(&request).unwrap();
        prop_assert_eq!(read(&text), Ok(Incoming::One(RpcMessage::Request(request))));
        let response = RpcResponse::of(id, Ok(result));
        let text = serde_json::to_string(&response).unwrap();
        prop_assert_eq!(read(&text), Ok(Incoming::One(RpcMessage::Response(response))));
    }

    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = read_rpc(&bytes, &RpcLimits::default());
    }

    #[test]
    fn no_json_panics(value in values()) {
        let _ = read(&value.to_string());
    }
}
