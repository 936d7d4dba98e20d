//! A pod that runs, and connections to it.

use futures::{AsyncBufReadExt, TryStreamExt};
use k8s_openapi::api::core::v1::{Pod, ServiceAccount};
use kube::api::{Api, AttachParams, EvictParams, LogParams, PostParams};
use kube::runtime::wait::{Condition, await_condition, conditions};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::{Checked, Cluster, Problem, eventually, expect};

const WEB_PORT: u16 = 8080;

/// The example application, once it serves.
async fn running_pod(here: &Cluster) -> Result<Api<Pod>, Problem> {
    let accounts: Api<ServiceAccount> = Api::namespaced(here.client.clone(), &here.namespace);
    eventually(async || Ok(accounts.get_opt("default").await?.is_some())).await?;
    let pods: Api<Pod> = Api::namespaced(here.client.clone(), &here.namespace);
    let ip = json!({"name": "POD_IP", "valueFrom": {"fieldRef": {"fieldPath": "status.podIP"}}});
    let probe = json!({"periodSeconds": 1, "httpGet": {"path": "/healthz", "port": WEB_PORT}});
    let pod = serde_json::from_value(json!({
        "metadata": {"name": "web"},
        "spec": {
            "terminationGracePeriodSeconds": 1,
            "containers": [
                {"name": "web", "image": "web:1", "env": [ip], "readinessProbe": probe},
            ],
        },
    }))?;
    pods.create(&PostParams::default(), &pod).await?;
    let is_ready = |pod: Option<&Pod>| {
        let status = pod.and_then(|pod| pod.status.as_ref());
        let conditions = status.and_then(|status| status.conditions.as_ref());
        conditions.is_some_and(|all| {
            all.iter()
                .any(|it| it.type_ == "Ready" && it.status == "True")
        })
    };
    await_condition(
        pods.clone(),
        "web",
        conditions::is_pod_running().and(is_ready),
    )
    .await?;
    Ok(pods)
}

pub async fn log(here: Cluster) -> Checked {
    let pods = running_pod(&here).await?;
    let settings = LogParams {
        follow: true,
        ..LogParams::default()
    };
    let mut lines = pods.log_stream("web", &settings).await?.lines();
    let line = lines.try_next().await?.unwrap_or_default();
    expect("log", line.starts_with("listening on"), true)
}

pub async fn exec(here: Cluster) -> Checked {
    let pods = running_pod(&here).await?;
    let streams = AttachParams::default()
        .stdin(true)
        .stdout(true)
        .stderr(true);
    let script = "read line; echo got $line; echo told >&2; exit 7";
    let mut process = pods.exec("web", ["sh", "-c", script], &streams).await?;
    let mut stdin = process.stdin().ok_or("no stdin")?;
    let mut stdout = process.stdout().ok_or("no stdout")?;
    let mut stderr = process.stderr().ok_or("no stderr")?;
    let status = process.take_status().ok_or("no status")?;
    stdin.write_all(b"a line\n").await?;
    let (mut output, mut errors) = (String::new(), String::new());
    tokio::try_join!(
        stdout.read_to_string(&mut output),
        stderr.read_to_string(&mut errors)
    )?;
    expect("output", output.as_str(), "got a line\n")?;
    expect("errors", errors.as_str(), "told\n")?;
    let reason = status.await.and_then(|status| status.reason);
    expect("reason", reason.as_deref(), Some("NonZeroExitCode"))
}

pub async fn port_forward(here: Cluster) -> Checked {
    let pods = running_pod(&here).await?;
    let mut forward = pods.portforward("web", &[WEB_PORT]).await?;
    let mut stream = forward.take_stream(WEB_PORT).ok_or("no stream")?;
    let request = b"GET /healthz HTTP/1.1\r\nHost: web\r\nConnection: close\r\n\r\n";
    stream.write_all(request).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    expect("answer", answer.ends_with("\r\n\r\nok\n"), true)
}

pub async fn evict(here: Cluster) -> Checked {
    let pods = running_pod(&here).await?;
    pods.evict("web", &EvictParams::default()).await?;
    eventually(async || Ok(pods.get_opt("web").await?.is_none())).await
}
