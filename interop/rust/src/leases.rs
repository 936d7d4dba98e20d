//! Who leads, by a Lease. The client brings no election; this is the protocol of those that do.
use crate::{Checked, Cluster, expect, expect_refused};
use k8s_openapi::api::coordination::v1::Lease;
use kube::Api;
use kube::api::PostParams;
use serde_json::json;

pub async fn election(here: Cluster) -> Checked {
    let leases: Api<Lease> = Api::namespaced(here.client.clone(), &here.namespace);
    let options = PostParams::default();
    let first = leases.create(&options, &lease("a")?).await?;
    let second = leases.create(&options, &lease("b")?).await;
    expect_refused("second", second, 409)?;
    let seen = leases.get("leader").await?;
    expect("holder", holder(&seen), Some("a".to_owned()))?;
    let renewed = leases
        .replace("leader", &options, &held(&first, "a"))
        .await?;
    // Who looked before the renewal must not take over.
    let late = leases
        .replace("leader", &options, &held(&seen, "late"))
        .await;
    expect_refused("late", late, 409)?;
    let released = leases
        .replace("leader", &options, &held(&renewed, ""))
        .await?;
    let next = leases
        .replace("leader", &options, &held(&released, "b"))
        .await?;
    expect("next", holder(&next), Some("b".to_owned()))
}

fn lease(who: &str) -> Result<Lease, serde_json::Error> {
    serde_json::from_value(json!({
        "metadata": {"name": "leader"},
        "spec": {"holderIdentity": who, "leaseDurationSeconds": 15},
    }))
}

fn held(lease: &Lease, who: &str) -> Lease {
    let mut next = lease.clone();
    let spec = next.spec.get_or_insert_default();
    spec.holder_identity = Some(who.to_owned());
    // A write that changes nothing would make no revision, and so no conflict.
    spec.lease_duration_seconds = spec.lease_duration_seconds.map(|seconds| seconds + 1);
    next
}

fn holder(lease: &Lease) -> Option<String> {
    lease.spec.as_ref()?.holder_identity.clone()
}
